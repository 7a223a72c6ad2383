package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SameServer;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.preflight.Versions;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.FenceMark;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Tls;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks whether these are the right two servers. */
final class ServersChecks {
    private ServersChecks() {}

    static Finding login(PostgresIdentity identity, Access access) {
        return Finding.pass("Postgres " + identity.version() + " at " + access.endpoint() + " as " + access.username());
    }

    /**
     * Which servers these are.
     *
     * @param same whether both are one database
     */
    record Identities(PostgresIdentity source, PostgresIdentity target, boolean same) {
        static Identities read(Servers servers) throws ServerException {
            boolean same = servers.source().call((source, end) -> servers.target()
                    .call((target, both) -> SameServer.sameDatabase(source, target, both.left())));
            return new Identities(servers.source().identity(), servers.target().identity(), same);
        }
    }

    static Finding versions(Identities servers) {
        return Versions.judge(servers.source(), servers.target(), servers.same());
    }

    static final String READ_ONLY_SETTING = "default_transaction_read_only";
    /**
     * The ALTER statements for each place that makes sessions of a role read-only; the database's own place has no
     * role.
     */
    private static final String READ_ONLY = CatalogSql.sql("""
            SELECT CASE WHEN s.setrole = 0 AND s.setdatabase = 0 THEN 'ALTER ROLE ALL'
                        WHEN s.setrole = 0 THEN pg_catalog.format('ALTER DATABASE %I', current_database())
                        WHEN s.setdatabase = 0 THEN pg_catalog.format('ALTER ROLE %I', r.rolname)
                        ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', r.rolname, current_database()) END
            FROM pg_catalog.pg_db_role_setting s
            CROSS JOIN unnest(s.setconfig) AS c
            LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole
            WHERE lower(split_part(c, '=', 1)) = 'default_transaction_read_only'
              AND substr(c, strpos(c, '=') + 1)::boolean
              AND s.setdatabase IN (0, {database}) AND (s.setrole = 0 OR r.rolname = ?)
            ORDER BY s.setrole, s.setdatabase DESC
            """);

    private static final String FENCE_RECORDED = CatalogSql.sql("""
            SELECT strpos(coalesce(pg_catalog.shobj_description({database}, 'pg_database'), ''), '${RECORD}') > 0
            """.replace("${RECORD}", FenceMark.RECORD));
    /** Leaves nothing behind; it fails if the server itself refuses writes, whatever the defaults are. */
    private static final String WRITE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    /**
     * Whether a server accepts writes. What a worse finding makes irrelevant isn't read.
     *
     * @param forServices what makes sessions of the services' role read-only
     * @param configured the setting of the whole server, if it is on
     * @param forOperator what makes sessions of the operator's role read-only
     * @param fenceRecorded whether the record of a fence is in the comment of the database
     */
    record Writability(
            boolean standby,
            List<String> forServices,
            Optional<Setting> configured,
            List<String> forOperator,
            boolean fenceRecorded) {
        static Writability read(Server server) throws ServerException {
            List<String> forServices = server.texts(READ_ONLY, server.access().services());
            boolean standby = server.is("SELECT pg_catalog.pg_is_in_recovery()");
            if (standby || !forServices.isEmpty()) {
                return new Writability(standby, forServices, Optional.empty(), List.of(), false);
            }
            Optional<Setting> configured = Optional.ofNullable(
                            SettingSources.ofServer(server, List.of(READ_ONLY_SETTING))
                                    .get(READ_ONLY_SETTING))
                    .filter(setting -> setting.value().equals("on"));
            if (configured.isPresent()) {
                return new Writability(false, forServices, configured, List.of(), false);
            }
            server.call(
                    (session, end) -> session.rolledBack(end, within -> session.queryOne(within, WRITE, row -> true)));
            return new Writability(
                    false,
                    forServices,
                    configured,
                    server.texts(READ_ONLY, server.access().username()),
                    server.is(FENCE_RECORDED));
        }
    }

    static Finding writable(Writability server, Access access) {
        if (server.standby()) {
            return Finding.fail(
                    "the " + access + " is in recovery (a standby)", Remedy.advice("promote it, or name the primary"));
        }
        if (!server.forServices().isEmpty()) {
            List<Remedy> remedies = new ArrayList<>(takenBack(server.forServices(), access));
            remedies.add(Remedy.advice("sessions that began before stay read-only until they log in again"));
            return Finding.fail(
                    "the " + access + " is read-only by default, for instance because of the fence of an earlier"
                            + " cutover",
                    remedies);
        }
        if (server.configured().isPresent()) {
            return Finding.fail(
                    "the " + access + " is read-only by its configuration",
                    takenBack(server.configured().get(), access));
        }
        if (server.fenceRecorded()) {
            return Finding.warn(
                    "the " + access
                            + " accepts writes, but the fence of an earlier cutover is not completely down: its record"
                            + " is in the comment of the database, rights that it revoked may be missing, and no"
                            + " cutover can leave this server",
                    Remedy.advice("run all statements there that 'cutover status' prints, not only the first two"));
        }
        return server.forOperator().isEmpty()
                ? Finding.pass("the " + access + " accepts writes")
                : Finding.warn(
                        "the " + access + " accepts writes, but sessions of role " + access.role()
                                + " begin read-only, by " + NameLists.some(server.forOperator()) + " SET "
                                + READ_ONLY_SETTING
                                + "; this doesn't affect the services, but statements that you paste as that role",
                        takenBack(server.forOperator(), access));
    }

    /** The first statement is for the session itself, which begins read-only too. */
    private static List<Remedy> takenBack(List<String> places, Access access) {
        return Stream.concat(
                        Stream.of("SET default_transaction_read_only = off;"),
                        places.stream().map(each -> each + " RESET default_transaction_read_only;"))
                .map(access::remedy)
                .toList();
    }

    private static List<Remedy> takenBack(Setting configured, Access access) {
        return configured
                .byHand(READ_ONLY_SETTING)
                .map(each -> List.of(Remedy.advice("on the " + access.side().word() + ", " + each)))
                .orElseGet(() -> configured.reset(READ_ONLY_SETTING).stream()
                        .map(access::remedy)
                        .toList());
    }

    private static final Remedy VERIFY = Remedy.advice("give the settings sslmode=" + Tls.VERIFY_FULL
            + " and sslrootcert=/path/to/ca.pem, a file on every service's machine;"
            + " set-endpoint takes them with --property");

    /** Our own login asked for the same TLS as the services do, and got it. */
    static Finding tls(PostgresIdentity loggedIn, Subject subject) {
        ConnectionSettings targetSettings = subject.pair().targetSettings();
        Tls tls = Tls.of(targetSettings);
        String mode = "sslmode is '" + tls + "' for " + targetSettings.endpoint();
        if (targetSettings.password().scheme().equals("rds-iam") && !tls.isVerified()) {
            return Finding.fail(
                    mode + "; services send an rds-iam token only to a server that has proven its name", VERIFY);
        }
        if (tls.isVerified()) {
            return Finding.pass(mode + ": the server has to prove its name");
        }
        return Tls.isRemote(targetSettings.endpoint())
                ? Finding.warn(mode + ": the server need not prove who it is", VERIFY)
                : Finding.pass(mode + ", which is this machine itself");
    }
}
