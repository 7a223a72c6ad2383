package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.PlanFile;
import dev.connectionregistry.admin.replication.plan.PlanFile.PlanChoice;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.replication.setup.StartReplication.PressureLimits;
import dev.connectionregistry.admin.replication.setup.StartReplication.StartRequest;
import dev.connectionregistry.admin.server.TableName;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table that isn't copied: once it follows, whoever copies its rows misses none. */
@Tag("database-side")
@Timeout(180)
class BackfillTest {
    private static final String LOCKING = """
            SELECT 1
            FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE 'LOCK TABLE%'
            """;

    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void followsOnlyOnceEveryTransactionHasEndedThatWroteToItBefore(boolean publishedByAnEarlierPlan) throws Exception {
        try (Pair pair = Pair.of(18, 17, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)");
            start(pair, List.of(CopyMethod.LEAVE_OUT)); // or the new slot would wait for the writer
            AtomicReference<Throwable> failure = new AtomicReference<>();
            Thread start = new Thread(() -> start(pair, List.of(CopyMethod.BACKFILL)), "start");
            start.setUncaughtExceptionHandler((thread, e) -> failure.set(e));
            try (Connection writer = pair.source.connect(pair.name)) {
                writer.setAutoCommit(false);
                writer.createStatement().execute("INSERT INTO history VALUES (1)");
                if (publishedByAnEarlierPlan) {
                    pair.source.execute(pair.name, "ALTER PUBLICATION " + publication(pair) + " ADD TABLE history");
                }
                start.start();
                await("that it waits, or is done")
                        .atMost(Pair.PATIENCE)
                        .until(() -> !start.isAlive()
                                || !pair.strings(pair.source, LOCKING).isEmpty());
                assertThat(start.isAlive()).as("still waits for the writer").isTrue();
                writer.commit();
            }
            start.join(60_000);
            assertThat(failure.get()).isNull();
            pair.source.execute(pair.name, "INSERT INTO history VALUES (2)");
            await("that it follows").atMost(Pair.PATIENCE).until(() -> pair.rows(pair.target, "history")
                    .contains("(2)"));
        }
    }

    @Test
    void copiesNothingIntoATableThatAnEarlierPlanTookInWithoutItsRows() throws Exception {
        try (Pair pair = Pair.of(18, 17, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)");
            pair.source.execute(pair.name, "INSERT INTO history VALUES (1)");
            start(pair, List.of(CopyMethod.BACKFILL));
            Assertions.assertThatThrownBy(() -> start(pair, List.of(CopyMethod.COPY)))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("public.history follows, but its rows were never copied");
            start(pair, List.of(CopyMethod.BACKFILL));
        }
    }

    @Test
    void refusesToBringRowsOnceServicesHaveMoved() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)");
            pair.source.execute(pair.name, "INSERT INTO history SELECT generate_series(1, 9)");
            AtomicReference<String> plan = new AtomicReference<>("");
            await("that it is seen to be append-only").atMost(Pair.PATIENCE).until(() -> {
                String out = pair.plan("--large-tuples", "1").out();
                plan.set(out);
                return out.contains("too late to copy rows");
            });
            List<String> guards = Objects.requireNonNull(plan.get())
                    .lines()
                    .map(String::strip)
                    .filter(each -> each.startsWith("DO $$"))
                    .toList();
            Pair.requireDone(pair.start());
            pair.source.execute(pair.name, guards.get(0));
            pair.target.execute(pair.name, guards.get(1));
            assertThat(pair.look("backfill")).startsWith("FAIL").contains("first row isn't on the target");
            pair.target.execute(pair.name, "INSERT INTO history VALUES (1)");
            assertThat(pair.look("backfill")).startsWith("PASS");
            Run forgotten = pair.cutover(pair.source, pair.target, "--reverse-slot");
            assertThat(forgotten.code()).as("eight rows were not brought").isEqualTo(1);
            assertThat(forgotten.err()).contains("public.history has 9 rows on the source and 1 on the target");
            Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot", "--skip-count", "history"));
            Assertions.assertThatThrownBy(() -> pair.source.execute(pair.name, guards.get(0)))
                    .hasMessageContaining("too late to copy rows: this server is fenced");
            Assertions.assertThatThrownBy(() -> pair.target.execute(pair.name, guards.get(1)))
                    .hasMessageContaining("too late to copy rows: services have moved");
            Pair.requireDone(pair.replication("stop", /* source= */ pair.target, /* target= */ pair.source, "--yes"));
            Assertions.assertThatThrownBy(() -> pair.target.execute(pair.name, guards.get(1)))
                    .hasMessageContaining("too late to copy rows");
        }
    }

    private static String publication(Pair pair) throws Exception {
        return pair.strings(pair.source, "SELECT pubname FROM pg_publication").get(0);
    }

    @Test
    void takesNothingElseInWithoutItsRows() throws Exception {
        try (Pair pair = Pair.of(18, 17, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)", "CREATE TABLE other (id bigint PRIMARY KEY)");
            pair.source.execute(pair.name, "INSERT INTO other VALUES (1)");
            start(pair, List.of(CopyMethod.LEAVE_OUT, CopyMethod.LEAVE_OUT));
            String publication = publication(pair);
            pair.source.execute(pair.name, "ALTER PUBLICATION " + publication + " ADD TABLE history, other");
            Assertions.assertThatThrownBy(() -> start(pair, List.of(CopyMethod.BACKFILL, CopyMethod.COPY)))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("public.other was added to publication");
            pair.source.execute(pair.name, "ALTER PUBLICATION " + publication + " DROP TABLE other");
            start(pair, List.of(CopyMethod.BACKFILL, CopyMethod.COPY));
            pair.awaitEqual("other");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 11})
    void saysThatNoTableCanCatchUpWhileChangesOfAnotherCannotBeApplied(int target) throws Exception {
        try (Pair pair = Pair.of(18, target, directory)) {
            pair.both("CREATE TABLE history (id bigint PRIMARY KEY)", "CREATE TABLE other (id bigint PRIMARY KEY)");
            start(pair, List.of(CopyMethod.BACKFILL, CopyMethod.LEAVE_OUT));
            pair.target.execute(pair.name, "INSERT INTO history VALUES (1)");
            pair.source.execute(pair.name, "INSERT INTO history VALUES (1)");
            Assertions.assertThatThrownBy(() -> start(pair, List.of(CopyMethod.BACKFILL, CopyMethod.COPY)))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("public.other: it is copied, but can't catch up");
            pair.target.execute(pair.name, "DELETE FROM history");
            start(pair, List.of(CopyMethod.BACKFILL, CopyMethod.COPY));
        }
    }

    private static void start(Pair pair, List<CopyMethod> methods) {
        ReplicationServers servers = Guice.createInjector(new ServersModule()).getInstance(ReplicationServers.class);
        List<PlanChoice> choices = new ArrayList<>();
        for (String table : List.of("history", "other").subList(0, methods.size())) {
            choices.add(new PlanChoice(new TableName("public", table), methods.get(choices.size()), 0, 1));
        }
        new StartReplication(servers, Pair.reasons(), new SystemTiming(), new CommandText(() -> "registry-admin"))
                .run(
                        new StartRequest(
                                pair.servers(),
                                new PlanFile(pair.database, choices),
                                new SubscriberLogin(pair.servers().source(), Map.of()),
                                PressureLimits.USUAL,
                                true),
                        new Silent());
    }
}
