package dev.connectionregistry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.connectionregistry.admin.Distribution.Run;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** Operators at work: two at once, interrupted, killed, on a machine that lacks something. */
class DistributionIT {
    /** The number of the signal that Ctrl-C sends. */
    private static final int SIGINT = 2;

    private static final LocalDynamoDb server = LocalDynamoDb.start();
    private static final DynamoDbClient client = DynamoDbClient.builder()
            .region(Region.EU_CENTRAL_1)
            .endpointOverride(server.endpoint())
            .credentialsProvider(StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(server.accessKeyId(), server.secretAccessKey())))
            .httpClient(UrlConnectionHttpClient.create())
            .build();

    @TempDir
    private static Path shared = Path.of("");

    @TempDir
    private Path folder = Path.of("");

    private String table = "";
    private Distribution distribution;

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @BeforeEach
    void tableWithOneDatabase(TestInfo test) throws Exception {
        table = test.getTestMethod().orElseThrow().getName();
        distribution = new Distribution(server, table, folder, Map.of("XDG_CACHE_HOME", shared.toString()));
        distribution.initWithOrders();
    }

    @Test
    void runsWithoutAnyPlaceForTheArchive() throws Exception {
        Map<String, String> nowhere =
                Map.of("XDG_CACHE_HOME", "/proc/none", "HOME", "/proc/none", "TMPDIR", "/proc/none");
        Run run = distribution.run(nowhere, "list");
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void saysWhenThereIsNoJava() throws Exception {
        Run run = distribution.run(Map.of("JAVA_HOME", "/none"), "list");
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("Java 17 or later");
    }

    @Test
    void neverRepeatsALiteralPassword() throws Exception {
        Run run = distribution.run("set-credentials", "orders", "--password-ref", "hunter2", "--verbose");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out() + run.err()).doesNotContain("hunter2");
    }

    @Test
    void saysWhatRemainsToBeDoneOnCtrlC() throws Exception {
        assumeFalse(ignoresInterrupts(), "what started this build ignores Ctrl-C (a shell's '&'), so its children do");
        try (Fleet fleet = new Fleet(2)) {
            fleet.freeze();
            Process process = distribution.start("set-endpoint", "orders", "db2:5432", "--poll-interval", "100ms");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> distribution.errorsOf(process).contains("waiting"));
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            Run run = distribution.finish(process);
            assertThat(run.code()).isEqualTo(130);
            assertThat(run.err()).contains("stopped", "--table " + table + " set-interval orders 200ms");
        }
    }

    /** Whether this process was started so; it hands that down, and Java leaves it alone. */
    private static boolean ignoresInterrupts() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return false;
        }
        try (Stream<String> lines = Files.lines(status)) {
            return lines.filter(line -> line.startsWith("SigIgn:"))
                    .map(line -> line.substring("SigIgn:".length()).trim())
                    .anyMatch(mask -> (Long.parseUnsignedLong(mask, 16) & (1L << (SIGINT - 1))) != 0);
        }
    }

    @Test
    void letsOneOfTwoOperatorsWin() throws Exception {
        String[] both = {"set-pool", "orders", "--if-version", "1", "--maximum-size"};
        Process one = distribution.start(with(both, "20"));
        Process other = distribution.start(with(both, "30"));
        List<Run> runs = List.of(distribution.finish(one), distribution.finish(other));
        assertThat(runs).extracting(Run::code).containsExactlyInAnyOrder(0, 3);
        assertThat(runs).extracting(Run::err).anyMatch(text -> text.contains("another operator changed 'orders'"));
    }

    @Test
    void leavesValidSettingsWhereverItIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Fleet fleet = new Fleet(3)) {
            for (int round = 0; round < 8; round++) {
                Process process = distribution.start(
                        "set-endpoint", "orders", "db" + round + ":5432", "--poll-interval", "100ms");
                boolean ended = process.waitFor(300 + random.nextInt(1700), TimeUnit.MILLISECONDS);
                process.destroyForcibly().waitFor();
                assertSettingsAreWhole("seed " + seed + ", round " + round + ", ended " + ended);
            }
            Run last = distribution.run("set-endpoint", "orders", "last:5432", "--poll-interval", "100ms");
            assertThat(last.code()).as(last.err()).isZero();
            assertThat(last.out()).contains(fleet.size() + " of " + fleet.size() + " live instances followed");
        }
    }

    private void assertSettingsAreWhole(String when) {
        try (var registry = new DynamoDbRegistryAdministration(client, table)) {
            DatabaseName orders = new DatabaseName("orders");
            List<VersionedSettings> history = registry.history(orders, 1000);
            assertThat(registry.read(orders)).as(when).isInstanceOf(ReadResult.Found.class);
            assertThat(((ReadResult.Found) registry.read(orders)).settings())
                    .as(when)
                    .isEqualTo(history.get(0));
            assertThat(history).as(when).hasSize((int) history.get(0).version());
        }
    }

    private static String[] with(String[] arguments, String last) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    /** Instances that poll the table on a thread of their own. */
    private final class Fleet implements AutoCloseable {
        private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
        private final List<FakeInstance> instances = new ArrayList<>();

        Fleet(int size) throws Exception {
            DynamoDbSettingsRegistry registry = new DynamoDbSettingsRegistry(client, table);
            SystemTiming timing = new SystemTiming();
            for (int number = 1; number <= size; number++) {
                instances.add(new FakeInstance(registry, timing, "orders", "i-" + number).tick());
            }
            var unused = thread.scheduleWithFixedDelay(
                    () -> instances.forEach(FakeInstance::tick), 0, 20, TimeUnit.MILLISECONDS);
        }

        int size() {
            return instances.size();
        }

        void freeze() throws Exception {
            thread.submit(() -> instances.forEach(FakeInstance::freeze)).get();
        }

        @Override
        public void close() {
            thread.shutdownNow();
            await().atMost(Duration.ofSeconds(30)).until(thread::isTerminated);
        }
    }
}
