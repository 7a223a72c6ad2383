package dev.connectionregistry.cloudformation;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.admin.Main;
import dev.connectionregistry.core.internal.secrets.aws.AwsPlace;
import dev.connectionregistry.core.internal.secrets.aws.AwsSecrets;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import dev.connectionregistry.testing.FakeAws;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Everything that asks AWS for something, done for real once: a service from its start to its end, and every command of
 * registry-admin, on DynamoDB Local and two Postgres servers. Secrets come from a server on loopback.
 */
final class Play implements AutoCloseable {
    static final String OPERATOR = "operator";
    static final String VIEWER = "viewer";
    static final String SERVICE = "service";

    private static final DatabaseName ORDERS = new DatabaseName("orders");
    /** In no message, whatever goes wrong. */
    private static final String PASSWORD = "hush-hush-1";

    private static final String WRONG_PASSWORD = "hush-hush-2";
    private static final Duration LONG = Duration.ofSeconds(60);

    private final Deque<AutoCloseable> cleanup = new ArrayDeque<>();
    private final Path folder;
    private final LocalDynamoDb table;
    private final TcpGate gate;
    private final LocalPostgres old;
    private final LocalPostgres fresh;
    private final FakeAws aws = new FakeAws();
    private final Program program;
    private final DynamoDbRegistryAdministration onlooker;

    Play(Path folder) throws SQLException {
        this.folder = folder;
        SystemProperties properties = new SystemProperties();
        cleanup.push(properties::restore);
        cleanup.push(aws);
        properties.set("aws.endpointUrl", aws.endpoint().toString());
        aws.put("orders", "{\"password\":\"" + PASSWORD + "\"}");
        aws.put("/orders/password", PASSWORD);
        aws.put("operators", PASSWORD);
        aws.put("/operators/password", PASSWORD);
        table = opened(LocalDynamoDb.start());
        gate = opened(TcpGate.to("127.0.0.1", table.port()));
        old = opened(LocalPostgres.start(LocalPostgres.availableMajors().first()));
        fresh = opened(LocalPostgres.start(17));
        for (LocalPostgres each : List.of(old, fresh)) {
            furnish(each);
        }
        program = new Program(table.endpoint());
        onlooker = opened(DynamoDbRegistryAdministration.open(TableLocation.of(TableLocation.DEFAULT_TABLE)
                .withEndpointUrl(table.endpoint().toString())
                .withProfile("onlooker")));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        cleanup.push(resource);
        return resource;
    }

    private static void furnish(LocalPostgres server) throws SQLException {
        server.createLogin("app", PASSWORD);
        server.createLogin("ops", PASSWORD);
        server.execute("postgres", "ALTER ROLE ops SUPERUSER");
        server.createDatabase("orders");
        server.execute(
                "orders",
                "CREATE TABLE public.orders (id bigserial PRIMARY KEY, what text)",
                "GRANT ALL ON public.orders, public.orders_id_seq TO app");
    }

    /** All that the commands printed, with stack traces. */
    List<String> printed() throws IOException {
        List<String> printed = new ArrayList<>(program.printed());
        printed.add(Files.readString(folder.resolve("killed.log")));
        return printed;
    }

    /** Passwords and keys that must be in nothing that is printed. */
    static List<String> credentials() {
        return List.of(PASSWORD, WRONG_PASSWORD, "nobodychecks", "OPERATOR", "VIEWER");
    }

    /** The commands that were run, each as {@code PROFILE: COMMAND}. */
    Set<String> ran() {
        return program.ran();
    }

    /** All of it, in the order in which people do it. */
    void perform() throws Exception {
        operator(0, "init");
        operator(0, "init");
        settings();
        try (AwsSecrets secrets = new AwsSecrets(AwsPlace.DEFAULT.withProfile(SERVICE));
                DynamoDbSettingsRegistry registry =
                        DynamoDbSettingsRegistry.open(TableLocation.of(TableLocation.DEFAULT_TABLE)
                                .withEndpointUrl("http://" + gate.host() + ":" + gate.port())
                                .withProfile(SERVICE));
                RegistryDataSource source = RegistryDataSource.builder()
                        .registry(registry)
                        .secrets(secrets.resolvers().toArray(dev.connectionregistry.secrets.SecretResolver[]::new))
                        .database("orders")
                        .service("checkout")
                        .instance("one")
                        .build()) {
            use(source);
            moves();
            use(source);
            looks();
            failures();
            replication();
            cutovers(source);
            use(source);
        }
        operator(0, "status orders");
        operator(0, "remove orders --yes");
    }

    private static void use(RegistryDataSource source) throws SQLException {
        try (Connection connection = source.getConnection()) {
            connection.createStatement().execute("SELECT count(*) FROM public.orders");
        }
    }

    private void settings() throws IOException {
        String login = " --username app --password-ref secretsmanager:orders#password --poll-interval 300ms";
        operator(0, "add orders --endpoint " + at(old) + "/orders" + login);
        operator(0, "add spare --endpoint " + at(old) + "/orders" + login);
        operator(0, "set-pool spare --maximum-size 3");
        operator(0, "set-interval spare 1s");
        operator(0, "set-credentials spare --password-ref ssm:/orders/password");
        operator(0, "lift spare --above 20");
        String export = operator(0, "export spare");
        operator(0, "import " + Files.writeString(folder.resolve("spare.json"), export));
        forgeVersion(new DatabaseName("spare"));
        operator(1, "set-interval spare 2s");
        operator(0, "repair spare");
        operator(0, "remove spare --yes");
    }

    /** As somebody with write access could: no instance and no command goes on from there. */
    private void forgeVersion(DatabaseName database) {
        VersionedSettings standing = ((ReadResult.Found) onlooker.read(database)).settings();
        VersionedSettings forged = new VersionedSettings(
                database,
                999_999_999_999L,
                standing.settings(),
                standing.change(),
                false,
                Optional.empty(),
                standing.unknown());
        onlooker.write(forged, standing.version());
    }

    private void moves() {
        operator(0, "set-report-partitions orders 64"); // so that the service's reports are hardly in the first one
        operator(0, "set-pool orders --maximum-size 3");
        operator(0, "set-credentials orders --password-ref ssm:/orders/password");
        operator(0, "set-endpoint orders " + at(fresh) + "/orders --poll-interval 100ms --timeout 60s");
        operator(0, "rollback orders");
    }

    private void looks() {
        for (String who : List.of(OPERATOR, VIEWER)) {
            program.run(who, 0, "list");
            program.run(who, 0, "servers");
            program.run(who, 0, "show orders");
            program.run(who, 0, "show orders --version 1");
            program.run(who, 0, "history orders");
            program.run(who, 0, "diff orders 1 2");
            program.run(who, 0, "export orders");
            program.run(who, 0, "status orders");
            program.run(who, 0, "doctor");
        }
    }

    /** Logins that fail, each for another reason. */
    private void failures() {
        aws.put("operators-wrong", WRONG_PASSWORD);
        aws.put("operators-broken", "{\"password\": " + WRONG_PASSWORD);
        for (String reference : List.of(
                "secretsmanager:operators-wrong",
                "secretsmanager:operators-wrong#password",
                "secretsmanager:operators-broken#password",
                "secretsmanager:operators-nowhere",
                "ssm:/operators/nowhere",
                "rds-iam")) {
            String login = " orders --target " + at(fresh) + " --admin-username ops --admin-password-ref " + reference;
            operator(1, "replication status" + login);
            operator(1, "preflight" + login);
        }
    }

    private void replication() throws SQLException {
        operator(0, pair("preflight", fresh));
        operator(0, pair("replication plan", fresh) + " --file " + folder.resolve("plan.yaml"));
        operator(0, pair("replication start", fresh) + " --plan " + folder.resolve("plan.yaml"));
        for (String who : List.of(OPERATOR, VIEWER)) {
            program.run(who, 0, pair("preflight", fresh));
            program.run(who, 0, pair("replication status", fresh));
            program.run(who, 0, pair("replication verify", fresh));
        }
        operator(0, pair("replication sequences", fresh) + " --copy");
        fresh.execute("orders", "ANALYZE");
    }

    private void cutovers(RegistryDataSource source) throws Exception {
        operator(0, cutover("--rehearse"));
        use(source);
        dies(cutover("--reverse-slot"));
        operator(0, "cutover abort orders" + admins());
        dies(cutover("--reverse-slot"));
        operator(0, "cutover resume orders --to " + at(fresh) + " --reverse-slot" + admins());
        for (String who : List.of(OPERATOR, VIEWER)) {
            program.run(who, 0, "cutover status orders");
        }
        operator(0, pair("replication reverse", old));
        operator(0, pair("replication stop", old) + " --yes");
    }

    /** A coordinator begins a cutover and is killed while it waits for a service that can't reach the table. */
    private void dies(String line) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path")));
        for (String name : List.of("aws.sharedCredentialsFile", "aws.configFile", "aws.region", "aws.endpointUrl")) {
            command.add("-D" + name + "=" + System.getProperty(name));
        }
        command.add(Main.class.getName());
        command.addAll(List.of(line.split(" ", -1)));
        command.addAll(program.place(OPERATOR));
        Path log = folder.resolve("killed.log");
        long epoch = epoch();
        gate.hang();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            await(line).atMost(LONG).until(() -> {
                if (!process.isAlive()) {
                    throw new IllegalStateException(line + " ended by itself:\n" + Files.readString(log));
                }
                return waitsForTheFleet(epoch);
            });
        } finally {
            process.destroyForcibly().waitFor(10, TimeUnit.SECONDS);
            gate.heal();
        }
    }

    /** It has its journal, and has asked everyone to poll faster. */
    private boolean waitsForTheFleet(long before) {
        Optional<CutoverLock> lock =
                onlooker.cutovers().lock(ORDERS).filter(each -> each.held() && each.epoch() > before);
        return lock.flatMap(each -> onlooker.cutovers().journal(ORDERS, each.runId()))
                        .isPresent()
                && onlooker.read(ORDERS) instanceof ReadResult.Found found
                && found.settings().settings().polling().isTemporary();
    }

    private long epoch() {
        return onlooker.cutovers().lock(ORDERS).map(CutoverLock::epoch).orElse(0L);
    }

    private String operator(int code, String line) {
        return program.run(OPERATOR, code, line);
    }

    private static String at(LocalPostgres server) {
        return server.host() + ":" + server.port();
    }

    private static String pair(String command, LocalPostgres target) {
        return command + " orders --target " + at(target) + admins();
    }

    private String cutover(String more) {
        return "cutover orders --to " + at(fresh) + admins() + " " + more;
    }

    /** One password from each store. */
    private static String admins() {
        return " --admin-username ops --admin-password-ref secretsmanager:operators"
                + " --target-admin-username ops --target-admin-password-ref ssm:/operators/password";
    }

    @Override
    public void close() {
        IllegalStateException failures = new IllegalStateException("not everything could be closed");
        while (!cleanup.isEmpty()) {
            try {
                cleanup.pop().close();
            } catch (Exception e) {
                failures.addSuppressed(e);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }
}
