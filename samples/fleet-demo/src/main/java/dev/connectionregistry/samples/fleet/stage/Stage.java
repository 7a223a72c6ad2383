package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.settings.Endpoint;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/**
 * The servers: DynamoDB Local for the registry, an old and a new Postgres with the same schema, joined by logical
 * replication. Closed by the {@link Cleanup} it was made with.
 */
public final class Stage {
    /** The database's name in the registry, and on both servers. */
    public static final String DATABASE = "orders";

    /** The registry's table. */
    public static final String TABLE = "connection-registry";

    /** The role that services log in as. */
    public static final String ROLE = "orders_app";

    /** The environment variable that holds its password in the processes of the fleet, and nowhere else. */
    public static final String PASSWORD_VARIABLE = "ORDERS_PASSWORD";

    private static final Duration COPY_TIMEOUT = Duration.ofSeconds(60);

    /** An order taken by two servers would be two rows: that is found, not hidden by an error. */
    private static final String[] SCHEMA = {
        "CREATE TABLE orders (id uuid NOT NULL, item text NOT NULL, quantity integer NOT NULL,"
                + " accepted_by integer NOT NULL DEFAULT inet_server_port(), PRIMARY KEY (id, accepted_by))",
        "CREATE TABLE order_lines (order_id uuid NOT NULL, note text NOT NULL,"
                + " accepted_by integer NOT NULL DEFAULT inet_server_port(), PRIMARY KEY (order_id, accepted_by))",
        "GRANT SELECT, INSERT ON orders, order_lines TO " + ROLE
    };

    private final LocalDynamoDb dynamo;
    private final LocalPostgres old;
    private final LocalPostgres next;
    private final LogicalReplication replication;
    private final String password;

    private Stage(
            LocalDynamoDb dynamo,
            LocalPostgres old,
            LocalPostgres next,
            LogicalReplication replication,
            String password) {
        this.dynamo = dynamo;
        this.old = old;
        this.next = next;
        this.replication = replication;
        this.password = password;
    }

    /**
     * Starts everything, the servers side by side.
     *
     * @param cleanup closes it
     * @param ready told of each server that answers
     * @throws DemoException if something cannot be started
     */
    public static Stage open(Cleanup cleanup, Consumer<String> ready) {
        String password = randomPassword();
        try {
            SortedSet<Integer> majors = LocalPostgres.availableMajors();
            CompletableFuture<LocalDynamoDb> dynamo = starting(cleanup, ready, "registry", LocalDynamoDb::start);
            CompletableFuture<LocalPostgres> old =
                    starting(cleanup, ready, "old server", () -> server(majors.first(), password));
            CompletableFuture<LocalPostgres> next =
                    starting(cleanup, ready, "new server", () -> server(majors.last(), password));
            CompletableFuture.allOf(dynamo, old, next).join();
            LogicalReplication replication =
                    LogicalReplication.start(old.join(), next.join(), DATABASE).awaitInitialCopy(COPY_TIMEOUT);
            ready.accept("replication from the old server to the new one");
            return new Stage(dynamo.join(), old.join(), next.join(), replication, password);
        } catch (CompletionException e) {
            throw new DemoException("the local servers cannot be started", e.getCause() == null ? e : e.getCause());
        } catch (SQLException | RuntimeException e) {
            throw new DemoException("the local servers cannot be set up", e);
        }
    }

    private static <T extends AutoCloseable> CompletableFuture<T> starting(
            Cleanup cleanup, Consumer<String> ready, String what, Supplier<T> start) {
        return CompletableFuture.supplyAsync(
                () -> {
                    T server = cleanup.add(start.get());
                    ready.accept(what + ": " + server);
                    return server;
                },
                task -> new Thread(task, "start " + what).start());
    }

    private static LocalPostgres server(int major, String password) {
        LocalPostgres server = LocalPostgres.start(major);
        try {
            server.createDatabase(DATABASE).createLogin(ROLE, password).execute(DATABASE, SCHEMA);
            return server;
        } catch (SQLException e) {
            server.close();
            throw new DemoException("cannot make the schema on " + server, e);
        }
    }

    private static String randomPassword() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** Where the fleet begins. */
    public Endpoint oldEndpoint() {
        return new Endpoint(old.host(), old.port(), DATABASE);
    }

    /** Where the fleet is moved to. */
    public Endpoint newEndpoint() {
        return new Endpoint(next.host(), next.port(), DATABASE);
    }

    /** The old server. */
    public LocalPostgres oldServer() {
        return old;
    }

    /** The new server. */
    public LocalPostgres newServer() {
        return next;
    }

    /** A folder for logs that goes with the old server, also when this JVM is killed. */
    Path scratchFolder() {
        return Objects.requireNonNull(old.log().getParent());
    }

    /** What brings the old server's rows to the new one. */
    public LogicalReplication replication() {
        return replication;
    }

    /** What a program needs to reach the registry. */
    public Map<String, String> registryEnvironment() {
        return Map.of(
                "AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString(),
                "AWS_REGION", dynamo.region(),
                "AWS_ACCESS_KEY_ID", dynamo.accessKeyId(),
                "AWS_SECRET_ACCESS_KEY", dynamo.secretAccessKey(),
                "AWS_EC2_METADATA_DISABLED", "true",
                "REGISTRY_TABLE", TABLE);
    }

    /** A client of the registry, which the caller must close. */
    DynamoDbClient registryClient() {
        return DynamoDbClient.builder()
                .endpointOverride(dynamo.endpoint())
                .region(Region.of(dynamo.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(dynamo.accessKeyId(), dynamo.secretAccessKey())))
                .build();
    }

    /** The password of {@link #ROLE}, for the environment of the fleet's processes. */
    public Map<String, String> passwordEnvironment() {
        return Map.of(PASSWORD_VARIABLE, password);
    }
}
