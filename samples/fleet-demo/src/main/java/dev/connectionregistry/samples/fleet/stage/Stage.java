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

    /** The environment variable of {@code samples/spring-orders} that holds the password of {@link #OWNER}. */
    static final String OWNER_PASSWORD_VARIABLE = "ORDERS_OWNER_PASSWORD";

    /** The role that owns the tables of an application that migrates by itself. */
    public static final String OWNER = "orders_owner";

    private static final Duration COPY_TIMEOUT = Duration.ofSeconds(60);

    private final LocalDynamoDb dynamo;
    private final LocalPostgres old;
    private final LocalPostgres next;
    private final Optional<Standbys> standbys;
    private final Optional<LogicalReplication> replication;
    private final Scenery.Size size;
    private final Passwords passwords;

    /** A streaming standby of each server. */
    private record Standbys(LocalPostgres source, LocalPostgres target) {}

    /** Made again for each run. */
    private record Passwords(String service, String admin, String owner) {}

    private Stage(
            LocalDynamoDb dynamo,
            LocalPostgres old,
            LocalPostgres next,
            Optional<Standbys> standbys,
            Optional<LogicalReplication> replication,
            Scenery.Size size,
            Passwords passwords) {
        this.dynamo = dynamo;
        this.old = old;
        this.next = next;
        this.standbys = standbys;
        this.replication = replication;
        this.size = size;
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
        Passwords passwords = new Passwords(randomPassword(), randomPassword(), randomPassword());
        try {
            SortedSet<Integer> majors = LocalPostgres.availableMajors();
            CompletableFuture<LocalDynamoDb> dynamo = starting(cleanup, ready, "registry", LocalDynamoDb::start);
            CompletableFuture<LocalPostgres> old = starting(
                    cleanup,
                    ready,
                    "source",
                    () -> server(majors.first(), scenery.source(), scenery.size(), passwords));
            CompletableFuture<LocalPostgres> next = starting(
                    cleanup, ready, "target", () -> server(majors.last(), scenery.target(), scenery.size(), passwords));
            CompletableFuture.allOf(dynamo, old, next).join();
            Optional<Standbys> standbys = scenery.size() == Scenery.Size.TWO_DATABASES_AND_STANDBYS
                    ? Optional.of(standbys(old.join(), next.join(), cleanup, ready))
                    : Optional.empty();
            Optional<LogicalReplication> replication = scenery.size() == Scenery.Size.ONE_DATABASE_JOINED
                    ? Optional.of(joined(old.join(), next.join(), ready))
                    : Optional.empty();
            return new Stage(dynamo.join(), old.join(), next.join(), standbys, replication, scenery.size(), passwords);
        } catch (CompletionException e) {
            throw new DemoException("the local servers cannot be started", e.getCause() == null ? e : e.getCause());
        } catch (SQLException | RuntimeException e) {
            throw new DemoException("the local servers cannot be set up", e);
        }
    }

    private static Standbys standbys(LocalPostgres old, LocalPostgres next, Cleanup cleanup, Consumer<String> ready) {
        CompletableFuture<LocalPostgres> ofSource =
                starting(cleanup, ready, "standby of the source", old::startStandby);
        CompletableFuture<LocalPostgres> ofTarget =
                starting(cleanup, ready, "standby of the target", next::startStandby);
        return new Standbys(ofSource.join(), ofTarget.join());
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
    private static LocalPostgres server(int major, List<String> scenery, Scenery.Size size, Passwords passwords) {
        LocalPostgres server = LocalPostgres.builder(major)
                .usualLogins()
                .setting("track_commit_timestamp", "on")
                .start();
        try {
            server.createLogin(ROLE, passwords.service()).createLogin(ADMIN, passwords.admin());
            if (size == Scenery.Size.ONE_DATABASE) {
                server.createLogin(OWNER, passwords.owner());
            }
            for (String database : size.databases()) {
                server.createDatabase(database)
                        .execute(
                                database,
                                scenery.stream()
                                        .map(sql -> sql.replace(Scenery.DATABASE, database))
                                        .toArray(String[]::new));
                server.execute(
                        database, "ANALYZE"); // in a session of its own: then the counts of the first have arrived
            }
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
        return on(old);
    }

    /** Where the fleet is moved to. */
    public Endpoint targetEndpoint() {
        return on(next);
    }

    private static Endpoint on(LocalPostgres server) {
        return new Endpoint(server.host(), server.port(), DATABASE);
    }

    /** The first database on the standby of the server at {@code primary}; the stage has standbys. */
    public Endpoint standbyOf(Endpoint primary) {
        Standbys both = standbys.orElseThrow();
        return on(primary.equals(sourceEndpoint()) ? both.source() : both.target());
    }

    /** The databases on each server. */
    public List<String> databases() {
        return size.databases();
    }

    /** The port of the primary, if it is that of a standby: where a fleet is, its readers are. */
    public int primaryPort(int port) {
        return standbys.filter(both -> both.source().port() == port)
                .map(both -> old.port())
                .or(() -> standbys.filter(both -> both.target().port() == port).map(both -> next.port()))
                .orElse(port);
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

    /** Where the operator's commands are given, and leave their files; it goes with the source. */
    public Path operatorFolder() {
        return scratchFolder();
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

    /** The password of {@link #OWNER}, for the environment of applications that migrate. */
    Map<String, String> ownerPasswordEnvironment() {
        return Map.of(OWNER_PASSWORD_VARIABLE, passwords.owner());
    }

    /**
     * A connection to the source as a service has it, which the caller must close.
     *
     * @throws SQLException if the source doesn't let it in
     */
    Connection sourceAsService() throws SQLException {
        return asService(old, DATABASE);
    }

    /**
     * A connection as a service has it, which the caller must close.
     *
     * @throws SQLException if the server doesn't let it in
     */
    Connection asService(LocalPostgres server, String database) throws SQLException {
        return server.connect(database, ROLE, passwords.service());
    }

    /**
     * A connection as the operator has it, which the caller must close.
     *
     * @throws SQLException if the server doesn't let it in
     */
    Connection asOperator(LocalPostgres server, String database) throws SQLException {
        return server.connect(database, ADMIN, passwords.admin());
    }
}
