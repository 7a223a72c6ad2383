package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.SameServer;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.postgres.SequenceWriter;
import dev.connectionregistry.admin.replication.postgres.TableCounts;
import dev.connectionregistry.admin.server.FollowedTables;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.Sql;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The target over JDBC. For one thread at a time. */
final class PostgresTargetServer extends PostgresServer implements TargetServer {
    private static final String REFUSALS = """
            SELECT pg_catalog.pg_is_in_recovery(),
              EXISTS (
                SELECT FROM pg_catalog.pg_db_role_setting s
                CROSS JOIN unnest(s.setconfig) AS c
                WHERE s.setrole = 0
                  AND s.setdatabase IN (
                    0, (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                  )
                  AND lower(split_part(c, '=', 1)) = 'default_transaction_read_only'
                  AND substr(c, strpos(c, '=') + 1)::boolean
              ),
              (
                SELECT CASE
                  WHEN EXISTS (
                    SELECT FROM pg_catalog.pg_db_role_setting s
                    JOIN pg_catalog.pg_roles r ON r.oid = s.setrole AND r.rolname = session_user
                    CROSS JOIN unnest(s.setconfig) AS c
                    WHERE lower(split_part(c, '=', 1)) = 'default_transaction_read_only'
                  ) THEN 'of our role'
                  ELSE reset_val
                END
                FROM pg_catalog.pg_settings
                WHERE name = 'default_transaction_read_only'
              )
            """;
    /** Leaves nothing behind but a record in the log; as part of a transaction, so that its commit waits for the disk. */
    private static final String WRITE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    private final Session session;
    private final SequenceWriter sequences;

    private PostgresTargetServer(Session session, PostgresIdentity identity) {
        super(session, identity);
        this.session = session;
        this.sequences = new SequenceWriter(session);
    }

    /** See {@link TargetServer.Opener#open}. */
    static PostgresTargetServer open(Login admin, String applicationName, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        Session session = Session.open(admin, applicationName, bound).keepingPlans(end.left());
        try {
            return new PostgresTargetServer(session, IdentityReader.of(session, end.left()));
        } catch (ServerException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    @Override
    public boolean isSameAs(SourceServer source, Duration bound) throws ServerException {
        return source instanceof PostgresSourceServer known
                ? SameServer.sameDatabase(known.session(), session, bound)
                : TargetServer.super.isSameAs(source, bound);
    }

    @Override
    public void requireWritable(Duration bound) throws ServerException {
        session.call("write", Remedies.TEMPORARY, bound, end -> {
            String refusal = session.queryOne(
                    end, REFUSALS, row -> refusal(row.getBoolean(1), row.getBoolean(2), row.getString(3)));
            if (!refusal.isEmpty()) {
                throw notSo(session.login().endpoint() + " " + refusal);
            }
            return session.inTransaction(end, within -> {
                session.execute(within, "CREATE TEMPORARY TABLE registry_admin_probe (nothing integer) ON COMMIT DROP");
                return session.queryOne(within, WRITE, row -> row.getString(1));
            });
        });
    }

    private String refusal(boolean standby, boolean databaseDefault, String reset) {
        if (standby) {
            return "is in recovery (a standby); promote it, or name the primary";
        }
        String name = Sql.identifier(identity().database());
        return databaseDefault || reset.equals("on")
                ? "is read-only by default. If that is the fence of an earlier cutover, run all that 'cutover status' prints; else"
                        + " SET default_transaction_read_only = off; ALTER DATABASE " + name
                        + " RESET default_transaction_read_only; and look for the same setting of roles and of the server"
                : "";
    }

    @Override
    public int sessionsNamed(String applicationName, Duration bound) throws ServerException {
        return session.askOne(
                "count the sessions that hear signals",
                bound,
                "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE application_name = ?",
                row -> row.getInt(1),
                applicationName);
    }

    @Override
    public String durablePosition(Duration bound) throws ServerException {
        return session.call(
                "write a record",
                Remedies.NONE,
                bound,
                end -> session.inTransaction(end, within -> session.queryOne(within, WRITE, row -> row.getString(1))));
    }

    /**
     * One look is enough: a server changes its timeline or stops being the primary only by a restart, which ends the
     * session.
     */
    @Override
    public void requireStill(Duration bound) throws ServerException {
        boolean standby = session.askOne(
                "ask whether it is the primary",
                bound,
                "SELECT pg_catalog.pg_is_in_recovery()",
                row -> row.getBoolean(1));
        if (standby) {
            throw notSo(session.login().endpoint() + " is in recovery (a standby)");
        }
    }

    @Override
    public Optional<FollowedTables> followed(Duration bound) throws ServerException {
        return Optional.of(new TableCounts(session).followed(bound));
    }

    @Override
    public Optional<Set<String>> publications(Duration bound) throws ServerException {
        return Optional.of(new HashSet<>(session.ask(
                "list publications",
                bound,
                "SELECT DISTINCT pubname FROM pg_catalog.pg_publication_tables",
                row -> row.getString(1))));
    }

    @Override
    public void setSequences(List<SequenceState> positions, long margin, Duration bound) throws ServerException {
        sequences.set(positions, margin, bound);
    }

    @Override
    public void readSequenceColumns(Duration bound) throws ServerException {
        sequences.readColumns(bound);
    }

    private static ServerException notSo(String what) {
        return new ServerException(Kind.NOT_SO, what, null);
    }

    /** Makes a temporary slot, which ends with this session at the latest. */
    @Override
    public void requireReverseSlot(String name, Duration bound) throws ServerException {
        session.call("make slot " + name, Remedies.REPLICATION, bound, end -> {
            List<String> there = session.query(
                    end,
                    "SELECT slot_name FROM pg_catalog.pg_replication_slots WHERE slot_name = ?",
                    row -> row.getString(1),
                    name);
            if (!there.isEmpty()) {
                throw notSo("there is a replication slot '" + name + "' on "
                        + session.login().endpoint() + " already; give another name, or, if nobody needs it, drop it"
                        + " with SELECT pg_drop_replication_slot("
                        + Sql.literal(name).trim() + ")");
            }
            return session.queryOne(end, """
                    SELECT pg_catalog.pg_drop_replication_slot(slot_name)::text
                    FROM pg_catalog.pg_create_logical_replication_slot(?, 'pgoutput', true)
                    """, row -> String.valueOf(row.getString(1)), name);
        });
    }

    /**
     * Makes an existing slot again: the earlier one would also send back what was replicated to this server meanwhile.
     */
    @Override
    public void createReverseSlot(String name, Duration bound) throws ServerException {
        session.call("create slot " + name, Remedies.REPLICATION, bound, end -> {
            drop(name, end);
            return session.queryOne(
                    end,
                    "SELECT slot_name FROM pg_catalog.pg_create_logical_replication_slot(?, 'pgoutput')",
                    row -> row.getString(1),
                    name);
        });
    }

    @Override
    public void dropReverseSlot(String name, Duration bound) throws ServerException {
        session.call("drop slot " + name, Remedies.REPLICATION, bound, end -> {
            drop(name, end);
            return true;
        });
    }

    /**
     * Drops only a slot of this database, so that the server refuses a name that belongs to somebody else, instead of
     * losing that slot.
     */
    private void drop(String name, Deadline bound) throws SQLException {
        session.query(bound, """
                SELECT pg_catalog.pg_drop_replication_slot(slot_name)::text
                FROM pg_catalog.pg_replication_slots
                WHERE slot_name = ? AND database = current_database()
                """, row -> String.valueOf(row.getString(1)), name);
    }
}
