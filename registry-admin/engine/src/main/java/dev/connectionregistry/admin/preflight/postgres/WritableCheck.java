package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** One of the servers takes writes: it is no standby, and no fence is up. */
final class WritableCheck implements ServerCheck {
    private static final String IS_STANDBY = "SELECT pg_catalog.pg_is_in_recovery()";
    private static final String READ_ONLY_SETTING = "default_transaction_read_only";
    /** The database's own has no role; only of roles that may log in here. */
    private static final String READ_ONLY = "SELECT CASE WHEN s.setrole = 0 AND s.setdatabase = 0 THEN 'ALTER ROLE ALL'"
            + " WHEN s.setrole = 0 THEN pg_catalog.format('ALTER DATABASE %I', current_database())"
            + " WHEN s.setdatabase = 0 THEN pg_catalog.format('ALTER ROLE %I', r.rolname)"
            + " ELSE pg_catalog.format('ALTER ROLE %I IN DATABASE %I', r.rolname, current_database()) END"
            + " FROM pg_catalog.pg_db_role_setting s CROSS JOIN unnest(s.setconfig) AS c"
            + " LEFT JOIN pg_catalog.pg_roles r ON r.oid = s.setrole"
            + " WHERE lower(split_part(c, '=', 1)) = 'default_transaction_read_only'"
            + " AND substr(c, strpos(c, '=') + 1)::boolean AND s.setdatabase IN (0, " + CatalogSql.DATABASE + ")"
            + " AND (s.setrole = 0 OR r.rolname = ?) ORDER BY s.setrole, s.setdatabase DESC";
    /** Leaves nothing behind; it fails where the server itself refuses writes, whatever the defaults are. */
    private static final String WRITE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    private final Side side;

    WritableCheck(Side side) {
        this.side = side;
    }

    @Override
    public About about() {
        return new About(
                side.word() + "-writable",
                Group.SERVERS,
                side == Side.SOURCE
                        ? "Replication and the fence begin on a primary; a fence that is up already belongs to somebody."
                        : "Services write to the target as soon as they are there; the fence of an earlier cutover would"
                                + " refuse that.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server server = servers.on(side);
        String services = side == Side.SOURCE
                ? servers.subject().pair().sourceSettings().username()
                : servers.subject().pair().targetSettings().username();
        List<String> subjects = server.texts(READ_ONLY, services);
        return server.is(IS_STANDBY) ? standby(server) : judge(server, subjects);
    }

    private static Finding standby(Server server) {
        return Finding.fail(
                "the " + server + " is in recovery (a standby)", Remedy.advice("promote it, or name the primary"));
    }

    private Finding judge(Server server, List<String> subjects) throws ServerException {
        if (!subjects.isEmpty()) {
            List<Remedy> remedies = new ArrayList<>();
            remedies.add(
                    Remedy.on(side, "SET default_transaction_read_only = off;")); // the session itself begins under it
            subjects.forEach(
                    subject -> remedies.add(Remedy.on(side, subject + " RESET default_transaction_read_only;")));
            remedies.add(Remedy.advice("sessions that began before stay read-only until they log in again"));
            return Finding.fail(
                    "the " + server + " is read-only by default, such as by the fence of an earlier cutover", remedies);
        }
        Setting configured =
                SettingSources.ofServer(server, List.of(READ_ONLY_SETTING)).get(READ_ONLY_SETTING);
        if (configured != null && configured.value().equals("on")) {
            return Finding.fail("the " + server + " is read-only by its configuration", remedies(configured));
        }
        server.call((session, end) -> session.rolledBack(end, within -> session.queryOne(within, WRITE, row -> true)));
        List<String> own = server.texts(READ_ONLY, server.login().username());
        return own.isEmpty() ? Finding.pass("the " + server + " takes writes") : personal(server, own);
    }

    private List<Remedy> remedies(Setting configured) {
        return configured
                .byHand(READ_ONLY_SETTING)
                .map(each -> List.of(Remedy.advice("on the " + side.word() + ", " + each)))
                .orElseGet(() -> configured.reset(READ_ONLY_SETTING).stream()
                        .map(sql -> Remedy.on(side, sql))
                        .toList());
    }

    /** This program switches it off for its own sessions; who pastes statements as that role doesn't. */
    private Finding personal(Server server, List<String> subjects) {
        return Finding.warn(
                "the " + server + " takes writes, but sessions of role " + server.role() + " begin read-only, by "
                        + NameLists.some(subjects) + " SET " + READ_ONLY_SETTING
                        + "; the services are not affected, statements that you paste as that role are",
                Stream.concat(
                                Stream.of("SET default_transaction_read_only = off;"),
                                subjects.stream().map(each -> each + " RESET default_transaction_read_only;"))
                        .map(sql -> Remedy.on(side, sql))
                        .toList());
    }
}
