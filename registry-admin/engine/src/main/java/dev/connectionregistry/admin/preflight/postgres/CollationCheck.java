package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;

/** The two databases' collations. */
final class CollationCheck implements ServerCheck {
    private static final String LOCALE = "SELECT 'collate ' || coalesce(d.datcollate, '') || ', ctype '"
            + " || coalesce(d.datctype, '') || CASE coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') WHEN 'c' THEN ''"
            + " WHEN 'b' THEN ', built in ' || coalesce(to_jsonb(d) ->> 'datlocale', '')"
            + " ELSE ', ICU ' || coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale', '') END"
            + " FROM pg_catalog.pg_database d WHERE datname = current_database()";

    @Override
    public About about() {
        return new About(
                "collation",
                Group.SETTINGS,
                "Another collation sorts otherwise, and compares otherwise in unique indexes and in ranges.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        String source = servers.source().one(LOCALE, row -> row.getString(1));
        String target = servers.target().one(LOCALE, row -> row.getString(1));
        return source.equals(target)
                ? Finding.pass("both: " + source)
                : Finding.warn(
                        "source: " + source + "; target: " + target,
                        Remedy.advice(
                                "make the target's database again with the source's locale, from template0, or make sure"
                                        + " that nothing depends on the order of texts"));
    }
}
