package dev.connectionregistry.admin.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.server.ServerException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link SchemaTest} has the changes that are noticed. */
class RememberedSchemaTest {
    private static final String TABLE = "CREATE TABLE public.remembered (id serial PRIMARY KEY, note text)";
    private static final String INDEX = "CREATE INDEX ON public.remembered (note)";
    private static final String RENAME = "ALTER TABLE public.remembered RENAME note TO remark";

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isNotReadAgainWhileOnlyRowsAndTemporaryTablesCome(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        database.execute(TABLE);
        try (Session session = Session.open(database.login(database.admin), "remembered", BOUND)) {
            RememberedSchema schema = new RememberedSchema(session);
            List<String> first = schema.lines(BOUND);
            database.execute(
                    "INSERT INTO public.remembered (note) SELECT 'x' FROM generate_series(1, 1000)",
                    "CREATE TEMPORARY TABLE scratch (id serial PRIMARY KEY, note text)",
                    "ANALYZE",
                    "VACUUM pg_catalog.pg_class");

            assertThat(schema.lines(BOUND)).isSameAs(first);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isReadAndWaitedForWhileAChangeIsNotCommitted(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        database.execute(TABLE, INDEX);
        try (Session session = Session.open(database.login(database.admin), "remembered", BOUND);
                Connection migration = database.server.connect(database.name)) {
            RememberedSchema schema = new RememberedSchema(session);
            List<String> before = schema.lines(BOUND);
            migration.setAutoCommit(false);
            try (Statement statement = migration.createStatement()) {
                statement.execute(RENAME);
            }

            assertIsWaitedFor(schema);
            migration.commit();
            assertThat(schema.lines(BOUND)).isNotEqualTo(before).anyMatch(line -> line.contains("remark"));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isWaitedForWhileAChangeIsPrepared(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        String prepared = "remembered_" + database.name;
        database.execute(TABLE, INDEX);
        try (Session session = Session.open(database.login(database.admin), "remembered", BOUND)) {
            RememberedSchema schema = new RememberedSchema(session);
            List<String> before = schema.lines(BOUND);
            database.execute("BEGIN", RENAME, "PREPARE TRANSACTION '" + prepared + "'");

            assertIsWaitedFor(schema);
            database.execute("ROLLBACK PREPARED '" + prepared + "'");
            assertThat(schema.lines(BOUND)).isSameAs(before);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isWaitedForWhileAChangeWaitsForItsLock(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        database.execute(TABLE, INDEX);
        ExecutorService migration = Executors.newSingleThreadExecutor();
        try (Session session = Session.open(database.login(database.admin), "remembered", BOUND);
                Connection reader = database.server.connect(database.name)) {
            RememberedSchema schema = new RememberedSchema(session);
            schema.lines(BOUND);
            reader.setAutoCommit(false);
            TestDatabase.query(reader, "SELECT 1 FROM public.remembered");
            Future<?> change = migration.submit(() -> {
                database.execute(RENAME);
                return null;
            });
            await().atMost(BOUND).until(() -> !database.query("""
                    SELECT pid
                    FROM pg_locks
                    WHERE NOT granted AND relation = 'public.remembered'::regclass
                    """).isEmpty());

            assertIsWaitedFor(schema);
            reader.rollback();
            change.get(BOUND.toSeconds(), TimeUnit.SECONDS);
            assertThat(schema.lines(BOUND)).anyMatch(line -> line.contains("remark"));
        } finally {
            migration.shutdownNow();
        }
    }

    private static void assertIsWaitedFor(RememberedSchema schema) {
        assertThatThrownBy(() -> schema.lines(Duration.ofSeconds(1)))
                .isInstanceOf(ServerException.class)
                .hasMessageContaining("read the schema");
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isNotReadAgainForATemporaryTableThatIsNotCommitted(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (Session session = Session.open(database.login(database.admin), "remembered", BOUND);
                Connection report = database.server.connect(database.name)) {
            RememberedSchema schema = new RememberedSchema(session);
            List<String> before = schema.lines(BOUND);
            report.setAutoCommit(false);
            try (Statement statement = report.createStatement()) {
                statement.execute("CREATE TEMPORARY TABLE scratch (id serial PRIMARY KEY, note text)");
            }

            assertThat(schema.lines(BOUND)).isSameAs(before);
            report.rollback();
        }
    }
}
