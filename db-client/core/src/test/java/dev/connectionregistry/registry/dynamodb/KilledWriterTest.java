package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

final class KilledWriterTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");

    @Test
    @Timeout(90)
    void aProcessThatIsKilledWhileItWritesLeavesNoHalfWrite() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        try (DynamoDbClient client = LocalTable.client()) {
            String table = LocalTable.create(client);
            DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(client, table);
            for (int kill = 1; kill <= 4; kill++) {
                long acknowledged = killAfterAWhile(table, random);
                ReadResult current = operators.read(ORDERS);
                List<VersionedSettings> history = operators.history(ORDERS, 100_000);
                assertThat(current)
                        .as("after kill %d, seed %d", kill, seed)
                        .isEqualTo(new ReadResult.Found(history.get(0)));
                assertThat(history.get(0).version()).isBetween(acknowledged, acknowledged + 1);
                int size = history.size();
                assertThat(history)
                        .extracting(VersionedSettings::version)
                        .containsExactlyElementsOf(LongStream.range(0, size)
                                .mapToObj(i -> size - i)
                                .toList());
            }
        }
    }

    /** The last version that the process said it had written. */
    private static long killAfterAWhile(String table, Random random) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xshare:auto",
                        "-Daws.accessKeyId=" + LocalTable.server().accessKeyId(),
                        "-Daws.secretAccessKey=" + LocalTable.server().secretAccessKey(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledWriter.class.getName(),
                        LocalTable.server().endpoint().toString(),
                        table,
                        ORDERS.value())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        long last = 0;
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            int writes = 1 + random.nextInt(8);
            for (int seen = 0; seen < writes; ) {
                String line = output.readLine();
                assertThat(line).as("the writer ended by itself").isNotNull();
                if (line.matches("\\d+")) {
                    last = Long.parseLong(line);
                    seen++;
                }
            }
            LockSupport.parkNanos(random.nextLong(TimeUnit.MILLISECONDS.toNanos(8))); // somewhere within a write
            process.toHandle().destroyForcibly(); // unlike the process's own method leaves its output readable
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                last = line.matches("\\d+") ? Long.parseLong(line) : last;
            }
        } finally {
            process.destroyForcibly();
            process.waitFor();
        }
        return last;
    }
}
