package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.inject.Guice;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.PlanFile;
import dev.connectionregistry.admin.replication.plan.PlanFile.PlanChoice;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.replication.setup.StartReplication.PressureLimits;
import dev.connectionregistry.admin.replication.setup.StartReplication.StartRequest;
import dev.connectionregistry.admin.replication.setup.StartReplication.StartResult;
import dev.connectionregistry.admin.replication.setup.StopReplication.StopRequest;
import dev.connectionregistry.admin.server.TableName;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Ends the program after every single statement, and sees that a repeat finishes, and that stop leaves nothing. */
@Tag("database-side")
@Timeout(300)
class InterruptedTest {
    private static final List<String> TABLES = List.of("one", "two", "sliced");

    private static final List<String> COPIED = List.of("one", "sliced");

    @TempDir
    private Path directory = Path.of("");

    private final ReplicationServers real =
            Guice.createInjector(new ServersModule()).getInstance(ReplicationServers.class);

    @Test
    void anyStartThatEndedAfterAnyStatementIsFinishedByAnotherAndEndedByStop() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            for (String table : TABLES) {
                pair.both("CREATE TABLE " + table + " (id bigint PRIMARY KEY, what text)");
                pair.source.execute(
                        pair.name, "INSERT INTO " + table + " SELECT i, 'tea' FROM generate_series(1, 100) AS i");
            }
            int after = 1;
            while (endsAfter(pair, after)) {
                if (after % 2 == 0) {
                    start(pair, real);
                    COPIED.forEach(pair::awaitEqual);
                }
                int changes = stopEndingEverywhere(pair, after);
                assertThat(changes).isPositive();
                assertThat(pair.left(pair.source)).as("after %s", after).isEmpty();
                assertThat(pair.left(pair.target)).as("after %s", after).isEmpty();
                pair.target.execute(pair.name, "TRUNCATE one, two, sliced");
                after++;
            }
            assertThat(after).as("statements of a start").isGreaterThan(20);
            COPIED.forEach(pair::awaitEqual);
        }
    }

    private boolean endsAfter(Pair pair, int after) {
        try {
            start(pair, new Crashing(real, after).servers());
            return false;
        } catch (Crashing.Crash e) {
            return true;
        }
    }

    /** Ends stop itself after its first change, its second and so on, until one gets through. */
    private int stopEndingEverywhere(Pair pair, int seed) {
        int ends = 0;
        while (true) {
            ends++;
            try {
                ReplicationServers servers = seed % 3 == 0 ? new Crashing(real, ends).servers() : real;
                new StopReplication(servers, new SystemTiming())
                        .run(new StopRequest(pair.servers(), Optional.empty()), new Silent(), plan -> true);
                return ends;
            } catch (Crashing.Crash e) {
                assertThat(ends).isLessThan(100);
            }
        }
    }

    private static void start(Pair pair, ReplicationServers servers) {
        PlanFile plan = new PlanFile(
                pair.database,
                List.of(
                        new PlanChoice(new TableName("public", "one"), CopyMethod.COPY, 0, 1),
                        new PlanChoice(new TableName("public", "two"), CopyMethod.BACKFILL, 0, 2),
                        new PlanChoice(new TableName("public", "sliced"), CopyMethod.SLICES, 2, 3)));
        SubscriberLogin login = new SubscriberLogin(pair.servers().source(), Map.of());
        StartResult result = new StartReplication(
                        servers, Pair.reasons(), new SystemTiming(), new CommandText(() -> "registry-admin"))
                .run(new StartRequest(pair.servers(), plan, login, PressureLimits.USUAL, true), new Silent());
        assertThat(new TreeSet<>(
                        result.tables().stream().map(each -> each.name().name()).toList()))
                .isEqualTo(new TreeSet<>(TABLES));
    }
}
