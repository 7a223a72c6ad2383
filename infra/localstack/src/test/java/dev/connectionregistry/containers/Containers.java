package dev.connectionregistry.containers;

import com.github.dockerjava.api.DockerClient;
import java.time.Duration;
import java.util.Map;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.postgresql.PostgreSQLContainer;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The containers of all tests of this JVM: each is started when it is first asked for, and removed when the JVM ends.
 * Thread-safe.
 */
public final class Containers {
    static final String LOCALSTACK = "localstack/localstack:4.14.0";
    static final String OLD_POSTGRES = "postgres:15";
    static final String NEW_POSTGRES = "postgres:17";

    private Containers() {}

    private static final class LocalStackHolder {
        static final LocalStackContainer CONTAINER = withDynamoDb(started(new LocalStackContainer(LOCALSTACK)
                .withServices("dynamodb", "secretsmanager", "ssm", "cloudformation", "iam", "sts", "kms")
                .withEnv(Map.of(
                        "DYNAMODB_IN_MEMORY", "1",
                        "SKIP_SSL_CERT_DOWNLOAD", "1",
                        "DISABLE_EVENTS", "1"))
                .withStartupTimeout(Duration.ofMinutes(3))));

        /** LocalStack starts its DynamoDB at the first call, which takes longer than the product's clients wait. */
        private static LocalStackContainer withDynamoDb(LocalStackContainer container) {
            try (DynamoDbClient client = LocalStack.dynamoDb(container)) {
                client.listTables();
            }
            return container;
        }
    }

    private static final class OldHolder {
        static final PostgreSQLContainer CONTAINER = started(postgres(OLD_POSTGRES));
    }

    private static final class NewHolder {
        static final PostgreSQLContainer CONTAINER = started(postgres(NEW_POSTGRES));
    }

    private static PostgreSQLContainer postgres(String image) {
        return new PostgreSQLContainer(image)
                .withDatabaseName("orders")
                .withUsername("owner")
                .withPassword("owner-of-everything")
                .withStartupTimeout(Duration.ofMinutes(2));
    }

    private static <C extends GenericContainer<?>> C started(C container) {
        Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-" + container.getDockerImageName()));
        container.start();
        return container;
    }

    /** LocalStack. */
    public static LocalStackContainer localStack() {
        return LocalStackHolder.CONTAINER;
    }

    /** The Postgres that a fleet leaves, with the database {@code orders}. */
    public static PostgreSQLContainer oldPostgres() {
        return OldHolder.CONTAINER;
    }

    /** The Postgres that it moves to, with the database {@code orders}. */
    public static PostgreSQLContainer newPostgres() {
        return NewHolder.CONTAINER;
    }

    /** Lets LocalStack do nothing until it is closed: connections are made, and nothing answers. */
    static Pause pauseLocalStack() {
        return new Pause(localStack().getContainerId());
    }

    /** A container that is paused. The test must close it. */
    static final class Pause implements AutoCloseable {
        private final DockerClient client = DockerClientFactory.lazyClient();
        private final String container;

        private Pause(String container) {
            this.container = container;
            client.pauseContainerCmd(container).exec();
        }

        @Override
        public void close() {
            client.unpauseContainerCmd(container).exec();
        }
    }
}
