package dev.connectionregistry.admin.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.server.ServerException;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@link SchemaTest} has the changes that are noticed. */
class RememberedSchemaTest {
    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void isNotReadAgainWhileOnlyRowsAndTemporaryTablesCome(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        database.execute("CREATE TABLE public.remembered (id serial PRIMARY KEY, note text)");
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
        database.execute(
                "CREATE TABLE public.remembered (id serial PRIMARY KEY, note text)",
                "CREATE INDEX ON public.remembered (note)");
        try (Session session = Session.open(database.login(database.admin), "remembered", BOUND);
                Connection migration = database.server.connect(database.name)) {
            RememberedSchema schema = new RememberedSchema(session);
            List<String> before = schema.lines(BOUND);
            migration.setAutoCommit(false);
            try (Statement statement = migration.createStatement()) {
                statement.execute("ALTER TABLE public.remembered RENAME note TO remark");
            }

            assertThatThrownBy(() -> schema.lines(Duration.ofSeconds(1)))
                    .isInstanceOf(ServerException.class)
                    .hasMessageContaining("read the schema");
            migration.commit();
            assertThat(schema.lines(BOUND)).isNotEqualTo(before).anyMatch(line -> line.contains("remark"));
        }
    }
}
