package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.settings.Endpoint;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
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
 * The servers: DynamoDB Local for the registry, an old and a new Postgres with a database each, joined by logical
 * replication if the {@link Scenery} says so. Closed by the {@link Cleanup} it was made with.
 */
public final class Stage {
    /** The database's name in the registry, and on both servers. */
    public static final String DATABASE = "orders";

    /** The registry's table. */
    public static final String TABLE = "connection-registry";

    /** The role that services log in as. */
    public static final String ROLE = "orders_app";

    /** The environment variable that holds its password in the processes of the fleet and the operator's commands only. */
    public static final String PASSWORD_VARIABLE = "ORDERS_PASSWORD";

    /** The role of the operator who carries a cutover out: a superuser on both servers. */
    public static final String ADMIN = "ops";

    /** The environment variable that holds its password in the operator's commands, and nowhere else. */
    public static final String ADMIN_PASSWORD_VARIABLE = "OPS_PASSWORD";

    private static final Duration COPY_TIMEOUT = Duration.ofSeconds(60);

    private final LocalDynamoDb dynamo;
    private final LocalPostgres old;
    private final LocalPostgres next;
    private final Optional<LogicalReplication> replication;
    private final Passwords passwords;

    /** Made again for each run. */
    private record Passwords(String service, String admin) {}

    private Stage(
            LocalDynamoDb dynamo,
            LocalPostgres old,
            LocalPostgres next,
            Optional<LogicalReplication> replication,
            Passwords passwords) {
        this.dynamo = dynamo;
        this.old = old;
        this.next = next;
        this.replication = replication;
        this.passwords = passwords;
    }

    /**
     * Starts everything, the servers side by side.
     *
     * @param scenery what is on the two servers
     * @param cleanup closes it
     * @param ready told of each server that answers
     * @throws DemoException if something cannot be started
     */
    public static Stage open(Scenery scenery, Cleanup cleanup, Consumer<String> ready) {
        Passwords passwords = new Passwords(randomPassword(), randomPassword());
        try {
            SortedSet<Integer> majors = LocalPostgres.availableMajors();
            CompletableFuture<LocalDynamoDb> dynamo = starting(cleanup, ready, "registry", LocalDynamoDb::start);
            CompletableFuture<LocalPostgres> old =
                    starting(cleanup, ready, "source", () -> server(majors.first(), scenery.source(), passwords));
            CompletableFuture<LocalPostgres> next =
                    starting(cleanup, ready, "target", () -> server(majors.last(), scenery.target(), passwords));
            CompletableFuture.allOf(dynamo, old, next).join();
            Optional<LogicalReplication> replication =
                    scenery.joined() ? Optional.of(joined(old.join(), next.join(), ready)) : Optional.empty();
            return new Stage(dynamo.join(), old.join(), next.join(), replication, passwords);
        } catch (CompletionException e) {
            throw new DemoException("the local servers cannot be started", e.getCause() == null ? e : e.getCause());
        } catch (SQLException | RuntimeException e) {
            throw new DemoException("the local servers cannot be set up", e);
        }
    }

    private static LogicalReplication joined(LocalPostgres old, LocalPostgres next, Consumer<String> ready)
            throws SQLException {
        LogicalReplication replication =
                LogicalReplication.start(old, next, DATABASE).awaitInitialCopy(COPY_TIMEOUT);
        ready.accept("replication from the source to the target");
        return replication;
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

    /** Commit timestamps are what shows in the end that no write went to the source after one to the new. */
    private static LocalPostgres server(int major, List<String> scenery, Passwords passwords) {
        LocalPostgres server = LocalPostgres.builder(major)
                .usualLogins()
                .setting("track_commit_timestamp", "on")
                .start();
        try {
            server.createDatabase(DATABASE)
                    .createLogin(ROLE, passwords.service())
                    .createLogin(ADMIN, passwords.admin())
                    .execute(DATABASE, scenery.toArray(String[]::new));
            server.execute(DATABASE, "ANALYZE"); // in a session of its own: then the counts of the first have arrived
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
    public Endpoint sourceEndpoint() {
        return new Endpoint(old.host(), old.port(), DATABASE);
    }

    /** Where the fleet is moved to. */
    public Endpoint targetEndpoint() {
        return new Endpoint(next.host(), next.port(), DATABASE);
    }

    /** The source. */
    public LocalPostgres source() {
        return old;
    }

    /** The target. */
    public LocalPostgres target() {
        return next;
    }

    /** A folder for logs that goes with the source, also when this JVM is killed. */
    Path scratchFolder() {
        return Objects.requireNonNull(old.log().getParent());
    }

    /** Where the operator keeps the plan of replication; it goes with the source. */
    public Path planFile() {
        return scratchFolder().resolve("orders-replication-plan.yaml");
    }

    /** What brings the source's rows to the target; empty if that is the operator's business. */
    public Optional<LogicalReplication> replication() {
        return replication;
    }

    /**
     * What an operator's command needs: how to reach the registry, the administrator's password, and the services' own, with
     * which a cutover shows that the source refuses them.
     */
    public Map<String, String> operatorEnvironment() {
        Map<String, String> environment = new HashMap<>(registryEnvironment());
        environment.putAll(passwordEnvironment());
        environment.put(ADMIN_PASSWORD_VARIABLE, passwords.admin());
        return environment;
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
        return Map.of(PASSWORD_VARIABLE, passwords.service());
    }

    /**
     * A connection to the source as a service has it, which the caller must close.
     *
     * @throws SQLException if the source doesn't let it in
     */
    Connection sourceAsService() throws SQLException {
        return asService(old);
    }

    /**
     * A connection as a service has it, which the caller must close.
     *
     * @throws SQLException if the server doesn't let it in
     */
    Connection asService(LocalPostgres server) throws SQLException {
        return server.connect(DATABASE, ROLE, passwords.service());
    }

    /**
     * A connection as the operator has it, which the caller must close.
     *
     * @throws SQLException if the server doesn't let it in
     */
    Connection asOperator(LocalPostgres server) throws SQLException {
        return server.connect(DATABASE, ADMIN, passwords.admin());
    }
}
