package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.replication.FollowResult.State;
import dev.connectionregistry.admin.replication.postgres.follow.FollowProof;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Production and staging: two pairs of servers whose databases, publications, subscriptions and slots have the same names. */
class WrongTargetTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static LocalPostgres stagingSource;
    private static LocalPostgres stagingTarget;

    private TestDatabase production;
    private TestDatabase productionTarget;
    private LogicalReplication right;
    private LogicalReplication staging;
    private Thread load = new Thread(() -> {});
    private final AtomicBoolean loaded = new AtomicBoolean();
    /** A proof of a busy server must not have run on an idle one. */
    private final AtomicReference<SQLException> loadFailed = new AtomicReference<>();

    @BeforeAll
    static void startStaging() {
        stagingSource = LocalPostgres.builder(17).start();
        stagingTarget = LocalPostgres.builder(18).start();
    }

    @AfterAll
    static void stopStaging() {
        stagingTarget.close();
        stagingSource.close();
    }

    @BeforeEach
    void replicateBoth() throws SQLException {
        production = TestDatabase.named(17, TestDatabase.plainName());
        productionTarget = TestDatabase.named(18, production.name);
        for (LocalPostgres each : List.of(stagingSource, stagingTarget)) {
            each.createDatabase(production.name);
            each.execute(production.name, "CREATE TABLE public.orders (id bigserial PRIMARY KEY, what text)");
        }
        right = LogicalReplication.start(production.server, productionTarget.server, production.name)
                .awaitInitialCopy(PATIENCE);
        staging = LogicalReplication.start(stagingSource, stagingTarget, production.name)
                .awaitInitialCopy(PATIENCE);
    }

    @AfterEach
    void dropBoth() throws Exception {
        loaded.set(false);
        load.join();
        staging.drop();
        right.drop();
        assertThat(loadFailed).hasNullValue();
    }

    private Login stagingTargetLogin() {
        return TestDatabase.superuser(stagingTarget, production.name);
    }

    private Barrier wrong() {
        return PostgresServers.logicalReplication(
                null, production.login(production.admin), stagingTargetLogin(), "run-1");
    }

    private void refused() {
        try (Barrier barrier = wrong()) {
            assertFails(Kind.NOT_SO, "of another server, not of this source", () -> barrier.check(BOUND));
        }
    }

    private static long position(LocalPostgres server, String database) throws SQLException {
        try (Connection connection = server.connect(database)) {
            return Long.parseLong(
                    TestDatabase.query(connection, "SELECT pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')::bigint")
                            .get(0));
        }
    }

    /** Writes log that changes nothing until the server's log ends {@code bytes} before {@code end}, or later. */
    private void writeUpTo(LocalPostgres server, long end) throws SQLException {
        long left = end - position(server, production.name);
        while (left > 0) {
            long part = Math.min(left, 1 << 20);
            server.execute(production.name, "SELECT pg_logical_emit_message(false, 'test', repeat('x', " + part + "))");
            left = end - position(server, production.name);
        }
    }

    private void write(LocalPostgres server, int bytes, Duration pause) {
        loaded.set(true);
        load = new Thread(() -> {
            try (Connection connection = server.connect(production.name);
                    Statement statement = connection.createStatement()) {
                while (loaded.get()) {
                    statement.execute("INSERT INTO public.orders (what) VALUES (repeat('x', " + bytes + "))");
                    statement.execute("SELECT pg_sleep(" + pause.toMillis() / 1000.0 + ")");
                }
            } catch (SQLException e) {
                loadFailed.set(e);
            }
        });
        load.start();
    }

    @Test
    void refusesATargetThatFollowsAnIdleServerWhoseLogIsBehindOrAhead() throws Exception {
        writeUpTo(production.server, position(stagingSource, production.name) + (4 << 20));
        refused();
        writeUpTo(stagingSource, position(production.server, production.name) + (4 << 20));
        staging.awaitCaughtUp(PATIENCE);
        refused();
    }

    @Test
    void refusesATargetThatFollowsAServerWhoseLogEndsAtTheSamePlace() throws Exception {
        for (int round = 0; round < 3; round++) {
            long end = Math.max(position(stagingSource, production.name), position(production.server, production.name))
                    + 4096;
            writeUpTo(production.server, end);
            writeUpTo(stagingSource, end);
            staging.awaitCaughtUp(PATIENCE);
            refused();
        }
    }

    /** It is just behind when the proof begins, and passes the source's position while it goes on. */
    @ParameterizedTest
    @ValueSource(ints = {1, 100, 5000})
    void refusesATargetThatFollowsABusierServerWhoseLogRunsThroughTheSourcesPosition(int bytes) throws Exception {
        long end = position(stagingSource, production.name) + (2 << 20);
        writeUpTo(production.server, end);
        writeUpTo(stagingSource, end - (100L << 10));
        write(stagingSource, bytes, Duration.ofMillis(bytes > 1000 ? 1 : 0));
        refused();
    }

    @Test
    void refusesATargetThatFollowsAnotherServerWhileBothAreEquallyBusy() throws Exception {
        long end =
                Math.max(position(stagingSource, production.name), position(production.server, production.name)) + 4096;
        writeUpTo(production.server, end);
        writeUpTo(stagingSource, end - (64 << 10));
        write(stagingSource, 200, Duration.ofMillis(1));
        try (Connection busy = production.connect(production.service)) {
            Thread same = new Thread(() -> {
                try {
                    while (loaded.get()) {
                        TestDatabase.write(busy);
                    }
                } catch (SQLException e) {
                    loadFailed.set(e);
                }
            });
            same.start();
            refused();
            loaded.set(false);
            same.join();
        }
    }

    @Test
    void refusesATargetOfWhichOneSubscriptionReadsFromAnotherServer() throws Exception {
        try (Barrier barrier = PostgresServers.logicalReplication(
                        null,
                        production.login(production.admin),
                        productionTarget.login(productionTarget.admin),
                        "run-1");
                Barrier named = PostgresServers.logicalReplication(
                        LogicalReplication.NAME,
                        production.login(production.admin),
                        productionTarget.login(productionTarget.admin),
                        "run-1")) {
            stagingSource.execute(production.name, "CREATE PUBLICATION other");
            productionTarget.execute("""
                    CREATE SUBSCRIPTION other
                    CONNECTION '%s'
                    PUBLICATION other
                    """.formatted(
                            stagingSource.connectionString(production.name).replace("'", "''")));
            assertFails(Kind.NOT_SO, "disable that subscription", () -> barrier.check(BOUND));
            named.check(BOUND);
            productionTarget.execute("ALTER SUBSCRIPTION other DISABLE");
            barrier.check(BOUND);
            productionTarget.execute("DROP SUBSCRIPTION other");
        }
    }

    /** The switch of a subscription to another server after the check is seen behind the fence. */
    @Test
    void noticesInTheHoldThatTheSubscriptionWasLedToAnotherServer() throws Exception {
        try (SourceServer source = production.open("run-1");
                Barrier barrier = PostgresServers.logicalReplication(
                        null,
                        production.login(production.admin),
                        productionTarget.login(productionTarget.admin),
                        "run-1")) {
            barrier.check(BOUND);
            assertThat(barrier.await(source, BOUND)).contains("confirmed by slot");
            String connection = stagingSource.connectionString(production.name).replace("'", "''");
            stagingTarget.execute(production.name, "ALTER SUBSCRIPTION " + LogicalReplication.NAME + " DISABLE");
            productionTarget.execute(
                    "ALTER SUBSCRIPTION " + LogicalReplication.NAME + " CONNECTION '" + connection + "'");
            assertThatThrownBy(() -> barrier.await(source, Duration.ofSeconds(3)))
                    .isInstanceOf(ServerException.class);
            String back = production.server.connectionString(production.name).replace("'", "''");
            productionTarget.execute("ALTER SUBSCRIPTION " + LogicalReplication.NAME + " CONNECTION '" + back + "'");
            stagingTarget.execute(production.name, "ALTER SUBSCRIPTION " + LogicalReplication.NAME + " ENABLE");
            staging.awaitCaughtUp(PATIENCE);
            assertThat(barrier.await(source, BOUND)).contains("confirmed by slot");
        }
    }

    @Test
    void provesTheRightTargetUnderLoadAndWithoutAnyRightOnTheSource() throws Exception {
        write(production.server, 2000, Duration.ZERO);
        try (Session source = Session.open(production.login(production.service), "test", BOUND);
                Session target = Session.open(productionTarget.login(productionTarget.service), "test", BOUND)) {
            for (int round = 0; round < 5; round++) {
                List<ProvenSubscription> all = new FollowProof(source, target).look(Deadline.of(BOUND));
                assertThat(all).singleElement().satisfies(each -> assertThat(
                                each.following().why())
                        .as(each.following().state().name())
                        .isEmpty());
                assertThat(all.get(0).following().state()).isEqualTo(State.PROVEN);
            }
        }
    }
}
