package dev.connectionregistry.benchmarks.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException;
import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.local.LocalDynamoDb;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class InstancesProcessTest {
    private static final Duration AMPLE = Duration.ofSeconds(60);

    @Test
    void aProcessThatEndsSaysWhy() {
        try (InstancesProcess process =
                InstancesProcess.start("orders", 1, 2, 10, Map.of("REGISTRY_TABLE", "no table!"))) {
            assertThatExceptionOfType(BenchmarkException.class)
                    .isThrownBy(() -> process.await(AMPLE))
                    .withMessageStartingWith("instances-1 has ended:")
                    .withMessageContaining("'no table!' is not allowed");
        }
    }

    @Test
    void aProcessThatDoesNotAnswerIsNamedAndEndsWhenItIsClosed() {
        try (LocalDynamoDb silent = LocalDynamoDb.start()) {
            silent.pause();
            Map<String, String> environment = Map.of(
                    "AWS_ENDPOINT_URL_DYNAMODB", silent.endpoint().toString(),
                    "AWS_REGION", silent.region(),
                    "AWS_ACCESS_KEY_ID", silent.accessKeyId(),
                    "AWS_SECRET_ACCESS_KEY", silent.secretAccessKey());
            InstancesProcess process = InstancesProcess.start("orders", 5, 1, 10, environment);
            assertThatExceptionOfType(BenchmarkException.class)
                    .isThrownBy(() -> process.await(Duration.ofMillis(100)))
                    .withMessage("instances-5 had nothing to say after 0 s");
            process.close();
            Deadline.in(AMPLE, "its end").await(Duration.ofMillis(5), () -> isGone("orders 5 1 10.0"));
            silent.resume();
        }
        assertThat(isGone("orders 5 1 10.0")).isTrue();
    }

    private static boolean isGone(String arguments) {
        return ProcessHandle.current()
                .descendants()
                .noneMatch(process ->
                        process.info().commandLine().orElse("").endsWith(Instances.class.getName() + " " + arguments));
    }
}
