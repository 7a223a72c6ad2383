package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import dev.connectionregistry.admin.fleet.SystemTiming;
import dev.connectionregistry.admin.operation.OperationException;
import dev.connectionregistry.admin.replication.plan.Choice;
import dev.connectionregistry.admin.replication.plan.Method;
import dev.connectionregistry.admin.replication.plan.PlanFile;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.replication.server.SubscriberLogin;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.wiring.ServersModule;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A table that isn't copied: once it follows, whoever copies its rows misses none. */
@Timeout(180)
class BackfillTest {
    private static final String LOCKING = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database()"
            + " AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'";

    @TempDir
    private Path directory = Path.of("");

    @Test
    void followsOnlyOnceEveryTransactionHasEndedThatWroteToItBefore() throws Exception {
        try (Pair pair = Pair.of(18, 17, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)");
            start(pair, List.of(Method.LEAVE_OUT)); // or the new slot would wait for the writer
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread start = new Thread(() -> start(pair, List.of(Method.BACKFILL)), "start");
            start.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
            try (Connection writer = pair.old.connect(pair.name)) {
                writer.setAutoCommit(false);
                writer.createStatement().execute("INSERT INTO history VALUES (1)");
                start.start();
                await("that it waits, or is done")
                        .atMost(Pair.PATIENCE)
                        .until(() -> !start.isAlive()
                                || !pair.strings(pair.old, LOCKING).isEmpty());
                assertThat(start.isAlive()).as("still waits for the writer").isTrue();
                writer.commit();
            }
            start.join(60_000);
            assertThat(failure.get()).isNull();
            pair.old.execute(pair.name, "INSERT INTO history VALUES (2)");
            await("that it follows").atMost(Pair.PATIENCE).until(() -> pair.rows(pair.fresh, "history")
                    .contains("(2)"));
        }
    }

    @Test
    void takesNothingElseInWithoutItsRows() throws Exception {
        try (Pair pair = Pair.of(18, 17, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)", "CREATE TABLE other (id bigint PRIMARY KEY)");
            pair.old.execute(pair.name, "INSERT INTO other VALUES (1)");
            start(pair, List.of(Method.LEAVE_OUT, Method.LEAVE_OUT));
            String publication =
                    pair.strings(pair.old, "SELECT pubname FROM pg_publication").get(0);
            pair.old.execute(pair.name, "ALTER PUBLICATION " + publication + " ADD TABLE history, other");
            Assertions.assertThatThrownBy(() -> start(pair, List.of(Method.BACKFILL, Method.COPY)))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("public.other was added to publication");
            pair.old.execute(pair.name, "ALTER PUBLICATION " + publication + " DROP TABLE other");
            start(pair, List.of(Method.BACKFILL, Method.COPY));
            pair.awaitEqual("other");
        }
    }

    @Test
    void saysThatNoTableCanCatchUpWhileChangesOfAnotherCannotBeApplied() throws Exception {
        try (Pair pair = Pair.of(18, 17, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)", "CREATE TABLE other (id bigint PRIMARY KEY)");
            start(pair, List.of(Method.BACKFILL, Method.LEAVE_OUT));
            pair.fresh.execute(pair.name, "INSERT INTO history VALUES (1)");
            pair.old.execute(pair.name, "INSERT INTO history VALUES (1)");
            Assertions.assertThatThrownBy(() -> start(pair, List.of(Method.BACKFILL, Method.COPY)))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("public.other: it is copied, but can't catch up");
            pair.fresh.execute(pair.name, "DELETE FROM history");
            start(pair, List.of(Method.BACKFILL, Method.COPY));
        }
    }

    private static void start(Pair pair, List<Method> methods) {
        ReplicationServers servers = Guice.createInjector(new ServersModule()).getInstance(ReplicationServers.class);
        List<Choice> choices = new ArrayList<>();
        for (String table : List.of("history", "other").subList(0, methods.size())) {
            choices.add(new Choice(new TableName("public", table), methods.get(choices.size()), 0, 1));
        }
        new Start(servers, new SystemTiming())
                .run(
                        new StartRequest(
                                pair.servers(),
                                new PlanFile(pair.database, choices),
                                new SubscriberLogin(pair.servers().source(), Map.of()),
                                Limits.USUAL,
                                true),
                        new Silent());
    }
}
