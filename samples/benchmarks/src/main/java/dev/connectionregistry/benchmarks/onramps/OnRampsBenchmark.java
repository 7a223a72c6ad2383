package dev.connectionregistry.benchmarks.onramps;

import dev.connectionregistry.RegistryDataSource;
import dev.connectionregistry.RegistryDataSourceBuilder;
import dev.connectionregistry.benchmarks.cutover.Arguments;
import dev.connectionregistry.benchmarks.cutover.Program;
import dev.connectionregistry.benchmarks.cutover.side.registry.Registry;
import dev.connectionregistry.benchmarks.cutover.stage.PrivateFolder;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.jdbc.RegistryDriver;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.pool.PoolOptions;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Metrics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import javax.sql.DataSource;
import org.springframework.boot.Banner;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Measures {@code getConnection().close()} on the data source, on the bean that the Spring Boot starter makes, and through the driver with
 * {@code pooling=own}: on one server and one table, in turn, in one JVM. Table on stdout, progress on stderr.
 */
public final class OnRampsBenchmark {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final String ROLE = "app";
    private static final int OPERATIONS = 200_000;
    private static final int WARM_UPS = 3;
    private static final int ROUNDS = 21;
    private static final int MOST_ROUNDS = 1000;

    private final Cleanup cleanup;
    private final Registry table;

    private OnRampsBenchmark(Cleanup cleanup, Registry table) {
        this.cleanup = cleanup;
        this.table = table;
    }

    /** An application that has nothing but its data source. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class Application {}

    /** One that has metrics, as with Spring Boot's actuator: then the starter's bean measures each checkout. */
    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    static class MeteredApplication {
        @Bean
        MeterRegistry meters() {
            return new SimpleMeterRegistry();
        }
    }

    /** {@code [--rounds N]}. Exit codes: 0 measured; 1 failed; 2 usage; 130 interrupted. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.exit("onramps", () -> {
            int rounds = rounds(new Arguments(arguments));
            return Program.measure((cleanup, progress) -> {
                progress.say("starting a server, a table and two applications");
                return new OnRampsBenchmark(cleanup, new Registry(cleanup.add(LocalDynamoDb.start())))
                        .measure(rounds, progress);
            });
        });
    }

    static int rounds(Arguments left) {
        int rounds = ROUNDS;
        while (left.hasNext()) {
            String name = left.next();
            if (!name.equals("--rounds")) {
                throw Arguments.unknown(name);
            }
            rounds = left.number(name, 1, MOST_ROUNDS);
        }
        return rounds;
    }

    private List<String> measure(int rounds, Progress progress) throws SQLException {
        writeSettings();
        Metrics.addRegistry(new SimpleMeterRegistry());
        List<Side> sides = List.of(
                new Side("RegistryDataSource", bare("bare", PoolOptions.DEFAULT)::getConnection),
                new Side("starter", bean(Application.class, "starter")::getConnection),
                new Side("driver, pooling=own", driver()),
                new Side(
                        "RegistryDataSource, checkout meters",
                        bare("metered", PoolOptions.DEFAULT.withCheckoutMeters())::getConnection),
                new Side(
                        "starter, with a MeterRegistry",
                        bean(MeteredApplication.class, "metered-starter")::getConnection));
        for (int round = -WARM_UPS; round < rounds; round++) {
            for (int i = 0; i < sides.size(); i++) { // each begins as often as the others
                Side side = sides.get((i + round + WARM_UPS) % sides.size());
                if (round < 0) {
                    side.warmUp(OPERATIONS);
                } else {
                    side.measure(OPERATIONS);
                }
            }
        }
        progress.say(rounds + " rounds of " + OPERATIONS + " checkouts each way");
        return lines(sides);
    }

    private void writeSettings() throws SQLException {
        LocalPostgres server =
                cleanup.add(LocalPostgres.start(LocalPostgres.availableMajors().last()));
        String password = server.password();
        server.createDatabase(ORDERS.value()).createLogin(ROLE, password);
        PrivateFolder folder = cleanup.add(PrivateFolder.create("onramps", Optional.empty()));
        try (DynamoDbRegistryAdministration operators = table.administration()) {
            operators.createTable();
            operators.write(VersionedSettings.first(
                    ORDERS,
                    ConnectionSettings.of(
                            new Endpoint(server.host(), server.port(), ORDERS.value()),
                            ROLE,
                            SecretRef.parse("file:" + folder.write("password", password))),
                    new Change("benchmark", Instant.now(), "")));
        }
    }

    private RegistryDataSource bare(String service, PoolOptions options) {
        RegistryDataSourceBuilder builder = RegistryDataSource.builder()
                .registry(cleanup.add(table.open()))
                .database(ORDERS.value())
                .service(service)
                .pool(options);
        return cleanup.add(builder.build());
    }

    private DataSource bean(Class<?> application, String service) {
        ConfigurableApplicationContext context = new SpringApplicationBuilder(application)
                .bannerMode(Banner.Mode.OFF)
                .web(WebApplicationType.NONE)
                .properties(
                        "spring.application.name=" + service,
                        "connection-registry.database=" + ORDERS,
                        "connection-registry.region=" + table.server().region(),
                        "connection-registry.endpoint-url=" + table.server().endpoint())
                .run();
        return cleanup.add(context).getBean(DataSource.class);
    }

    private Side.Source driver() throws SQLException {
        String url = "jdbc:registry:" + ORDERS + "?service=driver&pooling=own&region="
                + table.server().region() + "&endpointUrl="
                + URLEncoder.encode(table.server().endpoint().toString(), StandardCharsets.UTF_8);
        RegistryDriver driver = new RegistryDriver();
        cleanup.add(() -> DriverManager.deregisterDriver(DriverManager.getDriver(url)));
        Properties none = new Properties();
        return () -> Objects.requireNonNull(driver.connect(url, none), url);
    }

    private static List<String> lines(List<Side> sides) {
        Side bare = sides.get(0);
        Side starter = sides.get(1);
        Side driver = sides.get(2);
        List<String> lines = new ArrayList<>();
        lines.add(format("%-36s %10s %8s %10s", "getConnection().close()", "CPU ns", "ratio", "bytes"));
        sides.forEach(side -> lines.add(format(
                "%-36s %10.1f %8.3f %10.1f", side.name(), side.medianNanos(), side.ratioTo(bare), side.medianBytes())));
        lines.add(format(
                "onramps starter=%.2f driver=%.2f bytes=%d",
                starter.ratioTo(bare),
                driver.ratioTo(bare),
                Math.round(Math.max(starter.medianBytes(), driver.medianBytes()) - bare.medianBytes())));
        return lines;
    }

    private static String format(String form, Object... values) {
        return String.format(Locale.ROOT, form, values);
    }
}
