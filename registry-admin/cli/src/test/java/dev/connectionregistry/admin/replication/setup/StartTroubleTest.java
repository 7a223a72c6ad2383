package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.Json;
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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes wrong, and what is said then. */
@Tag("database-side")
@Timeout(180)
class StartTroubleTest {
    @TempDir
    private Path directory = Path.of("");

    private static void table(Pair pair, String name, int rows) throws Exception {
        pair.both("CREATE TABLE " + name + " (id bigint PRIMARY KEY, what text)");
        pair.source.execute(
                pair.name,
                "INSERT INTO " + name + " SELECT i, 'tea' FROM generate_series(1, " + rows + ") AS i",
                "ANALYZE");
    }

    @Test
    void slicesAndBackfillsUnderWritesAsThePlanSays() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            NastySchema.create(pair);
            try (Writers writers = new Writers(pair, pair.source)) {
                writers.awaitRows(20);
                Run plan = Pair.requireDone(pair.plan("--large-tuples", "200", "--slices", "3"));
                assertThat(plan.out()).contains("slices (3)", "backfill", "ON CONFLICT (\"id\") DO NOTHING");
                Run started = Pair.requireDone(pair.start("--output", "json"));
                assertThat(Json.read(started.out())).isNotNull();
                writers.awaitRows(writers.rows() + 30);
            }
            for (String each : List.of(NastySchema.ORDERS, NastySchema.UNICODE, NastySchema.KEYLESS)) {
                pair.awaitEqual(each);
            }
            assertThat(pair.rows(pair.target, NastySchema.HISTORY)).hasSizeBetween(30, 999);
            Run other = pair.plan("--large-tuples", "200", "--slices", "2");
            assertThat(other.code()).isZero();
            Run refused = pair.start();
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("but the plan says something else", "replication stop");
            Pair.requireDone(pair.replication("stop", pair.source, pair.target, "--yes"));
            assertThat(pair.left(pair.source)).isEmpty();
            assertThat(pair.left(pair.target)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {17, 18})
    void saysThatACopyFailsInsteadOfWaitingForEverAndStopLeavesNoSlot(int target) throws Exception {
        try (Pair pair = Pair.of(11, target, directory)) {
            table(pair, "orders", 10);
            pair.target.execute(pair.name, "ALTER TABLE orders ADD CHECK (id < 5)");
            Pair.requireDone(pair.plan());
            Run different = pair.start();
            assertThat(different.code()).isEqualTo(1);
            assertThat(different.err()).contains("differ", "only on the target: constraint public.orders");
            assertThat(pair.left(pair.source)).isEmpty();
            Run failed = pair.start("--skip-schema-check");
            assertThat(failed.code()).isEqualTo(1);
            assertThat(failed.err())
                    .contains(
                            "public.orders: its copy failed 3 times",
                            "violates check constraint",
                            "make the target's schema like the source's");
            Pair.requireDone(pair.replication("stop", pair.source, pair.target, "--yes"));
            assertThat(pair.left(pair.source)).isEmpty();
            assertThat(pair.left(pair.target)).isEmpty();
        }
    }

    @Test
    void refusesATargetTableThatHasRows() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            table(pair, "orders", 10);
            pair.both("CREATE TABLE \"No key\" (id int)");
            pair.target.execute(
                    pair.name, "INSERT INTO orders VALUES (1, 'there')", "INSERT INTO \"No key\" VALUES (1)");
            Pair.requireDone(pair.plan());
            Run refused = pair.start();
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("public.\"No key\", public.orders have rows on")
                    .contains("TRUNCATE \"public\".\"No key\", \"public\".\"orders\";")
                    .contains("method: backfill in the plan, for public.orders\n");
            assertThat(pair.left(pair.source)).isEmpty();
            pair.target.execute(pair.name, "TRUNCATE \"public\".\"No key\", \"public\".\"orders\"");
            Pair.requireDone(pair.start());
        }
    }

    @Test
    void aPlanThatCannotBeMadeHasLeftNothingToGoOnFrom() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            Run refused = new Terminalless(pair.registry)
                    .run(
                            "replication",
                            "plan",
                            pair.database,
                            "--target",
                            "" + pair.endpoint(pair.target),
                            "--admin-username",
                            "nobody so");
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err())
                    .contains("next: fix the cause and run the command again\n")
                    .doesNotContain("what is done stays");
        }
    }

    @Test
    void neverReplacesAPlanUnlessItIsToldTo() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            table(pair, "orders", 1);
            Files.writeString(pair.file(), "edited");
            Run refused = pair.replication(
                    "plan", pair.source, pair.target, "--file", pair.file().toString());
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("already exists", "--force");
            assertThat(Files.readString(pair.file())).isEqualTo("edited");
            Run unreadable = pair.start();
            assertThat(unreadable.code()).isEqualTo(2);
            assertThat(unreadable.err()).contains("plan.yaml, line 1");
        }
    }

    @Test
    void refusesATableThatIsUpdatedAndHasNoKeyUntilThatIsPutRight() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE keyless (n int)");
            pair.source.execute(
                    pair.name, "INSERT INTO keyless VALUES (1), (2)", "UPDATE keyless SET n = 3 WHERE n = 1");
            await("that the statistics know of it")
                    .atMost(Pair.PATIENCE)
                    .until(() -> pair.plan().out().contains("must be done first: public.keyless"));
            Run refused = pair.start();
            assertThat(refused.code()).isEqualTo(1);
            assertThat(refused.err()).contains("public.keyless", "REPLICA IDENTITY FULL");
            assertThat(pair.left(pair.source)).isEmpty();
            pair.both("ALTER TABLE keyless REPLICA IDENTITY FULL");
            Pair.requireDone(pair.start());
            pair.source.execute(pair.name, "DELETE FROM keyless WHERE n = 2");
            pair.awaitEqual("keyless");
        }
    }

    @Test
    void waitsBeforeTheNextTableWhileATransactionIsTooOldAndStopsWhenItIsTold() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            table(pair, "orders", 10);
            SystemTiming timing = new SystemTiming();
            Silent talk = new Silent();
            AtomicReference<Throwable> end = new AtomicReference<>();
            try (var holder = pair.source.connect(pair.name)) {
                holder.setAutoCommit(false);
                holder.createStatement().execute("SELECT 1");
                await("that it is old").atMost(Pair.PATIENCE).until(() -> pair.strings(pair.source, """
                        SELECT 1
                        FROM pg_stat_activity
                        WHERE state = 'idle in transaction'
                          AND datname = current_database()
                          AND clock_timestamp() - xact_start > '2 s'
                        """)
                        .equals(List.of("1")));
                Thread thread = new Thread(
                        () -> {
                            try {
                                start(pair, timing, talk, new PressureLimits(new ByteSize(1L << 40), Duration.ZERO));
                            } catch (RuntimeException e) {
                                end.set(e);
                            }
                        },
                        "start");
                thread.start();
                await("that it waits")
                        .atMost(Pair.PATIENCE)
                        .until(() -> talk.has("public.orders waits: a transaction of postgres (pid"));
                timing.stop();
                thread.join(20_000);
            }
            assertThat(end.get()).isInstanceOfSatisfying(OperationException.class, e -> assertThat(e.reason())
                    .isEqualTo(OperationException.Reason.INTERRUPTED));
            start(pair, new SystemTiming(), talk, PressureLimits.USUAL);
            pair.awaitEqual("orders");
        }
    }

    /** Nothing says so on the servers; an operator would wait, and not know for whom. */
    @Test
    void saysWhoseTransactionASlotAndACopyWaitFor() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            table(pair, "orders", 10);
            awaitSaidDuringATransaction(
                    pair,
                    "which waits for the transactions that are open there (the oldest is of postgres (pid",
                    "orders");
            start(pair, new SystemTiming(), new Silent(), PressureLimits.USUAL);
            table(pair, "later", 10);
            awaitSaidDuringATransaction(pair, "public.later has no row yet after", "orders", "later");
        }
    }

    /** Stops the command then, since a slot may take as long again once the transaction has ended. */
    private static void awaitSaidDuringATransaction(Pair pair, String text, String... tables) throws Exception {
        Silent talk = new Silent();
        SystemTiming timing = new SystemTiming();
        FutureTask<Void> command =
                new FutureTask<>(() -> start(pair, timing, talk, PressureLimits.USUAL, tables), null);
        try (var holder = pair.source.connect(pair.name)) {
            holder.setAutoCommit(false);
            holder.createStatement().execute("SELECT pg_current_xact_id()");
            new Thread(command, "start").start();
            await("that it says so").atMost(Pair.PATIENCE).until(() -> talk.has(text));
            timing.stop();
            assertThatThrownBy(() -> command.get(20, TimeUnit.SECONDS)).hasCauseInstanceOf(OperationException.class);
        }
    }

    private static void start(Pair pair, SystemTiming timing, Silent talk, PressureLimits limits) {
        start(pair, timing, talk, limits, "orders");
    }

    private static void start(Pair pair, SystemTiming timing, Silent talk, PressureLimits limits, String... tables) {
        ReplicationServers servers = Guice.createInjector(new ServersModule()).getInstance(ReplicationServers.class);
        PlanFile plan = new PlanFile(
                pair.database,
                Stream.of(tables)
                        .map(name -> new PlanChoice(new TableName("public", name), CopyMethod.COPY, 0, 1))
                        .toList());
        new StartReplication(servers, Pair.reasons(), timing, new CommandText(() -> "registry-admin"))
                .run(
                        new StartRequest(
                                pair.servers(),
                                plan,
                                new SubscriberLogin(pair.servers().source(), Map.of()),
                                limits,
                                true),
                        talk);
    }

    @Test
    void endsWhatIsOnOneServerWhenTheOtherIsGoneAndSaysWhatStays() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            table(pair, "orders", 10);
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            Run dry = Pair.requireDone(pair.replication("stop", pair.source, pair.target, "--dry-run"));
            assertThat(dry.out()).contains("would be dropped", "changes flow over it");
            Run asks = pair.replication("stop", pair.source, pair.target);
            assertThat(asks.code()).isEqualTo(2);
            assertThat(asks.err()).contains("changes flow over", "--yes");
            Run half = Pair.requireDone(pair.replication("stop", pair.source, pair.target, "--yes", "--target-gone"));
            assertThat(half.out())
                    .contains("once it is back", "SET (slot_name = NONE);", "DROP SUBSCRIPTION IF EXISTS");
            assertThat(pair.left(pair.source)).isEmpty();
            assertThat(pair.left(pair.target)).isNotEmpty();
            Run rest = Pair.requireDone(pair.replication("stop", pair.source, pair.target, "--yes", "--source-gone"));
            assertThat(rest.out()).contains("once it is back");
            assertThat(pair.left(pair.target)).isEmpty();
            Run nothing = Pair.requireDone(pair.replication("stop", pair.source, pair.target));
            assertThat(nothing.out()).contains("nothing of this replication exists");
        }
    }
}
