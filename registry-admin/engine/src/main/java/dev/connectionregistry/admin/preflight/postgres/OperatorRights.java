package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.ManagedRoles;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.replication.postgres.ForeignOwner;
import dev.connectionregistry.admin.replication.postgres.ForeignOwner.How;
import dev.connectionregistry.admin.replication.postgres.RoleRights;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.SupportedMajors;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.WritingFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the operator's roles may do: put the fence up, replicate, publish, subscribe. What they can read is checked in
 * another class.
 */
final class OperatorRights {
    private OperatorRights() {}

    /** What a role lacks, and what gives it. Collected while judging. */
    private static final class Lacks {
        private final Access access;
        private final List<String> lacks = new ArrayList<>();
        private final List<Remedy> remedies = new ArrayList<>();

        Lacks(Access access) {
            this.access = access;
        }

        void add(boolean lacking, String what, String sql) {
            if (lacking) {
                lacks.add(what);
                remedies.add(access.give(sql));
            }
        }

        void add(List<MissingRight> missing) {
            missing.forEach(each -> add(true, each.lack(), each.statement() + ";"));
        }

        void add(String sentence, List<ForeignOwner> owners) {
            if (!owners.isEmpty()) {
                lacks.add(sentence + " " + NameLists.some(NameLists.each(owners, ForeignOwner::name)));
                owners.forEach(each -> remedies.add(
                        each.superuser()
                                ? Remedy.advice("on the " + access.side().word() + ", " + each.otherOwner())
                                : access.give(each.grant(access.role()) + ";")));
            }
        }

        Finding finding() {
            return lacks.isEmpty()
                    ? Finding.pass("role " + access.role() + " may")
                    : Finding.fail("role " + access.role() + " " + String.join(", ", lacks), remedies);
        }
    }

    private static final String FENCE = """
            SELECT r.rolsuper, pg_catalog.pg_has_role(d.datdba, 'USAGE'),
                   pg_catalog.quote_ident(o.rolname), o.rolsuper,
                   pg_catalog.pg_has_role('pg_read_all_stats', 'USAGE'),
                   pg_catalog.pg_has_role('pg_signal_backend', 'USAGE'),
                   r.rolcreaterole,
                   (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(w.rolname), ', ' ORDER BY w.rolname)
                    FROM pg_catalog.pg_db_role_setting s
                    JOIN pg_catalog.pg_roles w ON w.oid = s.setrole
                    CROSS JOIN unnest(s.setconfig) AS c
                    WHERE s.setdatabase IN (0, d.oid)
                      AND lower(split_part(c, '=', 1)) = 'default_transaction_read_only'
                      AND NOT substr(c, strpos(c, '=') + 1)::boolean)
            FROM pg_catalog.pg_roles r
            CROSS JOIN pg_catalog.pg_database d
            JOIN pg_catalog.pg_roles o ON o.oid = d.datdba
            WHERE r.rolname = current_user AND d.datname = current_database()
            """;

    /**
     * What the fence needs.
     *
     * @param owns whether the role has the rights of the database's owner
     * @param owner in quotes where it needs them
     * @param writers roles with a {@code default_transaction_read_only = off} of their own; null if there are none
     */
    record FenceRights(
            boolean superuser,
            boolean owns,
            String owner,
            boolean ownerIsSuperuser,
            boolean seesSessions,
            boolean endsSessions,
            boolean altersRoles,
            @Nullable String writers) {
        static FenceRights read(Servers servers) throws ServerException {
            return servers.source()
                    .one(
                            FENCE,
                            row -> new FenceRights(
                                    row.getBoolean(1),
                                    row.getBoolean(2),
                                    row.getString(3),
                                    row.getBoolean(4),
                                    row.getBoolean(5),
                                    row.getBoolean(6),
                                    row.getBoolean(7),
                                    row.getString(8)));
        }
    }

    static Finding fence(FenceRights rights, Subject subject) {
        Access source = subject.source();
        if (rights.superuser()) {
            return Finding.pass("role " + source.role() + " is a superuser");
        }
        Lacks lacks = new Lacks(source);
        lacks.add(
                !rights.owns(),
                "doesn't own the database (" + rights.owner() + " does)",
                rights.ownerIsSuperuser()
                        ? "ALTER DATABASE " + source.database() + " OWNER TO " + source.role() + ";"
                        : "GRANT " + rights.owner() + " TO " + source.role() + ";");
        lacks.add(
                !rights.seesSessions(),
                "doesn't see others' sessions",
                "GRANT pg_read_all_stats TO " + source.role() + ";");
        lacks.add(
                !rights.endsSessions(),
                "can't end others' sessions",
                "GRANT pg_signal_backend TO " + source.role() + ";");
        lacks.add(
                rights.writers() != null && !rights.altersRoles(),
                "can't alter roles with a default_transaction_read_only of their own (" + rights.writers() + ")",
                "ALTER ROLE " + source.role() + " CREATEROLE;");
        return lacks.finding();
    }

    /** Who may call the functions; nobody if the functions refuse by themselves, or if the run takes the right away. */
    private static final String LARGE_OBJECT_WRITERS = """
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

    static List<String> largeObjectWriters(Servers servers) throws ServerException {
        return servers.source().texts(LARGE_OBJECT_WRITERS, WritingFunction.signatures());
    }

    static Finding largeObjectWrites(List<String> callers) {
        return callers.isEmpty()
                ? Finding.pass("no role can call them behind the fence")
                : Finding.warn(
                        NameLists.some(callers)
                                + " can write them behind a read-only fence, so such a fence is refused",
                        Remedy.advice("use --fence no-login, or a superuser for --admin-username"),
                        Remedy.onSource(WritingFunction.revoke(callers) + ";"));
    }

    private static RoleRights rightsOn(Server server) throws ServerException {
        return server.call(RoleRights::ofOurs);
    }

    /** A slot that somebody else has made is enough, too. */
    record SlotRights(boolean replicates, boolean madeAlready) {
        static SlotRights read(Servers servers) throws ServerException {
            boolean replicates = rightsOn(servers.source()).replicates();
            return new SlotRights(
                    replicates, !replicates && !servers.feeds().working().isEmpty());
        }
    }

    static Finding slot(SlotRights rights, Subject subject) {
        Access source = subject.source();
        if (rights.replicates()) {
            return Finding.pass("role " + source.role() + " may");
        }
        if (rights.madeAlready()) {
            return Finding.pass("replication is set up already, by a role that may do that");
        }
        List<Remedy> remedies = new ArrayList<>();
        remedies.add(source.give("ALTER ROLE " + source.role() + " REPLICATION;"));
        if (!source.isServices()) {
            remedies.add(Remedy.advice("on RDS instead: " + ManagedRoles.replicationOnRds(source.role())));
        }
        return Finding.fail("role " + source.role() + " may not replicate", remedies);
    }

    private static final String TABLES = CatalogSql.sql("""
            SELECT n.nspname, c.relname FROM {relations} WHERE {own} AND c.relkind IN ('r', 'p')
            """);

    private static List<ForeignOwner> foreignOwners(Server server, How how) throws ServerException {
        List<TableName> tables = server.query(TABLES, row -> new TableName(row.getString(1), row.getString(2)));
        return server.call((session, end) -> ForeignOwner.of(session, end, how, tables));
    }

    /** What publishing every table needs. */
    record PublicationRights(RoleRights role, List<ForeignOwner> owners) {
        static PublicationRights read(Servers servers) throws ServerException {
            return new PublicationRights(rightsOn(servers.source()), foreignOwners(servers.source(), How.USAGE));
        }
    }

    static Finding publication(PublicationRights rights, Subject subject) {
        Lacks lacks = new Lacks(subject.source());
        if (rights.role().superuser()) {
            return Finding.pass("role " + subject.source().role() + " is a superuser");
        }
        lacks.add(rights.role().toCreate("make publications"));
        lacks.add("doesn't own the tables of", rights.owners());
        return lacks.finding();
    }

    /**
     * What subscribing needs: on the target for the move, and on the source for the way back.
     *
     * @param target empty if replication is set up already
     * @param owners the owners of the target's tables
     */
    record SubscriptionRights(
            RoleRights source,
            PostgresIdentity sourceServer,
            Optional<RoleRights> target,
            PostgresIdentity targetServer,
            List<ForeignOwner> owners) {
        static SubscriptionRights read(Servers servers) throws ServerException {
            RoleRights source = rightsOn(servers.source());
            Optional<RoleRights> target =
                    servers.feeds().working().isEmpty() ? Optional.of(rightsOn(servers.target())) : Optional.empty();
            boolean asOwners = target.isPresent() && target.get().major() >= SupportedMajors.SUBSCRIBING_ROLE;
            return new SubscriptionRights(
                    source,
                    servers.source().identity(),
                    target,
                    servers.target().identity(),
                    asOwners ? foreignOwners(servers.target(), How.SET) : List.of());
        }
    }

    static Finding subscription(SubscriptionRights rights, Subject subject) {
        Finding there = there(rights, subject.target());
        Lacks lacks = new Lacks(subject.source());
        if (rights.source().lacksSuperuser()) {
            lacks.lacks.add("is not a superuser, and the source is Postgres "
                    + rights.sourceServer().version());
            lacks.remedies.add(
                    Remedy.advice(
                            "have a superuser of the source ready for the way back: replication reverse,"
                                    + " and stop after it, take it as --target-admin-username, with --target-admin-password-ref"));
        } else {
            lacks.add(rights.source().superuser() ? List.of() : rights.source().toSubscribe());
        }
        if (lacks.lacks.isEmpty()) {
            return there;
        }
        String back = "replication reverse, after the cutover, would not work: on the source role "
                + subject.source().role() + " " + String.join(", ", lacks.lacks);
        if (there.outcome() != Outcome.FAIL) {
            return Finding.warn(back, lacks.remedies);
        }
        List<Remedy> remedies = new ArrayList<>(there.remedies());
        remedies.addAll(lacks.remedies);
        return Finding.fail(there.message() + "; " + back, remedies);
    }

    private static Finding there(SubscriptionRights rights, Access target) {
        if (rights.target().isEmpty()) {
            return Finding.pass("replication is set up already");
        }
        RoleRights role = rights.target().get();
        if (role.lacksSuperuser()) {
            List<Remedy> remedies = new ArrayList<>();
            remedies.add(target.give("ALTER ROLE " + target.role() + " SUPERUSER;"));
            if (!target.isServices()) {
                remedies.add(Remedy.advice("as a superuser; revoke it when the move is done"));
            }
            return Finding.fail(
                    "role " + target.role() + " is not a superuser, and the target is Postgres "
                            + rights.targetServer().version(),
                    remedies);
        }
        if (role.superuser() || role.major() < SupportedMajors.SUBSCRIBING_ROLE) {
            return Finding.pass("role " + target.role() + " is a superuser, or the provider's stand-in for one");
        }
        Lacks lacks = new Lacks(target);
        lacks.add(role.toSubscribe());
        lacks.add("can't apply changes as the tables' owner", rights.owners());
        return lacks.finding();
    }
}
