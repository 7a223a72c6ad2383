package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;

/** Large objects are carried over by somebody. */
final class LargeObjectsCheck implements ServerCheck {
    private static final String COUNT =
            "SELECT count(*), coalesce(sum(oid::bigint), 0)::text FROM pg_catalog.pg_largeobject_metadata";

    /** How many, and a sum over their numbers, which are what rows refer to. */
    private record Objects(long count, String numbers) {}

    @Override
    public About about() {
        return new About("large-objects", Group.DATA, "Large objects are not replicated; only a dump carries them.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Objects source = servers.source().one(COUNT, row -> new Objects(row.getLong(1), row.getString(2)));
        Objects target = servers.target().one(COUNT, row -> new Objects(row.getLong(1), row.getString(2)));
        if (source.count() == 0) {
            return Finding.pass("none");
        }
        return source.equals(target)
                ? Finding.warn(
                        source.count() + " on both, of the same numbers; their contents aren't compared",
                        Remedy.advice("carry them over when nobody changes them any more, or let their owner compare"))
                : Finding.fail(
                        source.count() + " on the source, " + target.count() + " on the target"
                                + (source.count() == target.count() ? ", of other numbers" : ""),
                        Remedy.advice(
                                "carry them over with pg_dump --large-objects (--blobs before 16) while nobody changes them,"
                                        + " or move them into bytea columns first"),
                        Remedy.advice("or do without them, with --skip-check large-objects"));
    }
}
