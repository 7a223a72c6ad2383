package dev.connectionregistry.admin.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.server.ServerException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SessionPlansTest {
    private static final String QUESTION = "SELECT 'planned once'";

    /** The fence is raised by DDL, and the questions after it were planned in the rehearsals. */
    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void keepsThePlansOfItsQueriesWhenItExecutesDdl(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        try (Session session = Session.open(database.login(database.admin), "plans", BOUND)) {
            ask(session);
            List<String> before = plans(session);
            assertThat(before).hasSize(1);
            session.call("create a table", Remedies.NONE, BOUND, end -> {
                session.execute(end, "CREATE TEMPORARY TABLE one (number int)");
                session.execute(end, "ALTER TABLE one ADD other int");
                session.execute(end, "DROP TABLE one");
                return true;
            });
            ask(session);
            assertThat(plans(session)).isEqualTo(before);
        }
    }

    private static void ask(Session session) throws ServerException {
        assertThat(session.ask("ask", BOUND, QUESTION, row -> row.getString(1))).containsExactly("planned once");
    }

    private static List<String> plans(Session session) throws ServerException {
        return session.ask(
                "list its prepared statements",
                BOUND,
                "SELECT name FROM pg_catalog.pg_prepared_statements WHERE statement = ?",
                row -> row.getString(1),
                QUESTION);
    }
}
