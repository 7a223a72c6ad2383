package dev.connectionregistry.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.connectionregistry.admin.fleet.SystemTiming;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.AssertionFailedError;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** The distribution as operators run it: a process, a real table, signals. */
class DistributionIT {
    private static final Path LAUNCHER = Path.of(System.getProperty("registry.admin.home"), "bin", "registry-admin");
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

    @BeforeAll
    static void warm() throws Exception {
        Files.createDirectories(shared.resolve("cache"));
    }

    @AfterAll
    static void stop() {
        client.close();
        server.close();
    }

    @BeforeEach
    void tableWithOneDatabase(TestInfo test) throws Exception {
        table = test.getTestMethod().orElseThrow().getName();
        assertThat(run("init").code()).isZero();
        assertThat(run(("add orders --endpoint db1:5432/orders --username app --password-ref env:PW"
                                        + " --poll-interval 200ms")
                                .split(" ", -1))
                        .code())
                .isZero();
    }

    @Test
    void archivesItsClassesAtTheFirstRunAndUsesThemAtTheNext() throws Exception {
        Path log = folder.resolve("classes.log");
        Map<String, String> own = Map.of(
                "XDG_CACHE_HOME",
                Files.createDirectory(folder.resolve("cache")).toString(),
                "REGISTRY_ADMIN_JAVA_OPTS",
                "-Xlog:class+load:file=" + log);
        Run first = finish(start(own, "list"));
        assertThat(first.err()).isEmpty();
        await().atMost(Duration.ofMinutes(1)).until(() -> archives(folder) == 1);

        Run second = finish(start(own, "list"));

        assertThat(second.err()).isEmpty();
        assertThat(second.out()).isEqualTo(first.out());
        assertThat(Files.readString(log))
                .containsPattern("admin\\.RegistryAdmin source: shared objects file \\(top\\)");
    }

    private static long archives(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsa")).count();
        }
    }

    @Test
    void runsWithoutAnyPlaceForTheArchive() throws Exception {
        Map<String, String> nowhere =
                Map.of("XDG_CACHE_HOME", "/proc/none", "HOME", "/proc/none", "TMPDIR", "/proc/none");
        Run run = finish(start(nowhere, "list"));
        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
    }

    @Test
    void saysWhenThereIsNoJava() throws Exception {
        Run run = finish(start(Map.of("JAVA_HOME", "/none"), "list"));
        assertThat(run.code()).isEqualTo(1);
        assertThat(run.err()).contains("Java 17 or later");
    }

    @Test
    void neverRepeatsALiteralPassword() throws Exception {
        Run run = run("set-credentials", "orders", "--password-ref", "hunter2", "--verbose");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out() + run.err()).doesNotContain("hunter2");
    }

    @Test
    void saysWhatRemainsToBeDoneOnCtrlC() throws Exception {
        assumeFalse(ignoresInterrupts(), "what started this build ignores Ctrl-C (a shell's '&'), so its children do");
        try (Fleet fleet = new Fleet(2)) {
            fleet.freeze();
            Process process = start(Map.of(), "set-endpoint", "orders", "db2:5432", "--poll-interval", "100ms");
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> Files.readString(errorsOf(process)).contains("waiting"));
            new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                    .start()
                    .waitFor();
            Run run = finish(process);
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
        Process one = start(Map.of(), with(both, "20"));
        Process other = start(Map.of(), with(both, "30"));
        List<Run> runs = List.of(finish(one), finish(other));
        assertThat(runs).extracting(Run::code).containsExactlyInAnyOrder(0, 3);
        assertThat(runs).extracting(Run::err).anyMatch(text -> text.contains("somebody else changed 'orders'"));
    }

    @Test
    void leavesValidSettingsWhereverItIsKilled() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (Fleet fleet = new Fleet(3)) {
            for (int round = 0; round < 8; round++) {
                Process process =
                        start(Map.of(), "set-endpoint", "orders", "db" + round + ":5432", "--poll-interval", "100ms");
                boolean ended = process.waitFor(300 + random.nextInt(1700), TimeUnit.MILLISECONDS);
                process.destroyForcibly().waitFor();
                assertSettingsAreWhole("seed " + seed + ", round " + round + ", ended " + ended);
            }
            Run last = run("set-endpoint", "orders", "last:5432", "--poll-interval", "100ms");
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

    /** What came of a process. */
    private record Run(int code, String out, String err) {}

    private Run run(String... arguments) throws Exception {
        return finish(start(Map.of(), arguments));
    }

    private static String[] with(String[] arguments, String last) {
        String[] all = Arrays.copyOf(arguments, arguments.length + 1);
        all[arguments.length] = last;
        return all;
    }

    private final List<Process> started = new ArrayList<>();

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(LAUNCHER.toString(), "--table", table));
        line.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(line);
        builder.environment().put("AWS_REGION", server.region());
        builder.environment().put("AWS_ENDPOINT_URL_DYNAMODB", server.endpoint().toString());
        builder.environment().put("AWS_ACCESS_KEY_ID", server.accessKeyId());
        builder.environment().put("AWS_SECRET_ACCESS_KEY", server.secretAccessKey());
        builder.environment().put("XDG_CACHE_HOME", shared.resolve("cache").toString());
        builder.environment().putAll(environment);
        Path number = folder.resolve(String.valueOf(started.size()));
        builder.redirectOutput(
                number.resolveSibling(number.getFileName() + ".out").toFile());
        builder.redirectError(
                number.resolveSibling(number.getFileName() + ".err").toFile());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Path errorsOf(Process process) {
        return folder.resolve(started.indexOf(process) + ".err");
    }

    private Run finish(Process process) throws Exception {
        if (!process.waitFor(2, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new AssertionFailedError("the command did not end: " + Files.readString(errorsOf(process)));
        }
        String out = Files.readString(folder.resolve(started.indexOf(process) + ".out"));
        return new Run(process.exitValue(), out, Files.readString(errorsOf(process)));
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
