package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.WritingFunction;
import java.util.List;

/** Where a read-only transaction can write large objects, the run's role can keep sessions from it. */
final class LargeObjectWritesCheck implements ServerCheck {
    /** Who may call the functions, as SQL writes it; nobody where they refuse by themselves, or where the run takes the right away. */
    private static final String CALLERS = """
            SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(r.rolname) END
            FROM pg_catalog.pg_proc p
            CROSS JOIN aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS a
            LEFT JOIN pg_catalog.pg_roles r ON r.oid = a.grantee
            WHERE current_setting('server_version_num')::int < 160000 AND NOT current_setting('is_superuser')::boolean
              AND p.pronamespace = 'pg_catalog'::regnamespace AND a.privilege_type = 'EXECUTE'
              AND p.proname || '(' || pg_catalog.oidvectortypes(p.proargtypes) || ')' = ANY (?::text[])
              AND (a.grantee = 0 OR NOT r.rolsuper)
            ORDER BY 1
            """;

    @Override
    public About about() {
        return new About(
                "large-object-writes",
                Group.RIGHTS,
                "Before Postgres 16 a read-only transaction can still change large objects; the read-only fence has to prevent it.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server source = servers.source();
        List<String> callers = source.texts(CALLERS, WritingFunction.signatures());
        return callers.isEmpty()
                ? Finding.pass("none can pass the fence")
                : Finding.warn(
                        NameLists.some(callers)
                                + " can write them behind a read-only fence, which is refused therefore",
                        Remedy.advice("use --fence no-login, or a superuser for --admin-username"),
                        Remedy.onSource(WritingFunction.revoke(callers) + ";"));
    }
}
