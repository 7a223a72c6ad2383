package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.samples.fleet.DemoException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** The packaged application of {@code samples/spring-orders}: what it needs of the servers. */
public final class SpringOrders {
    /** Its name in the registry's reports: that of the Spring application. */
    public static final String SERVICE = "spring-orders";

    /** Its environment variable for the file of the last good settings. */
    static final String SNAPSHOT = "ORDERS_SNAPSHOT";

    private static final String JAR = "samples/spring-orders/target/spring-orders.jar";
    private static final String MIGRATIONS = "samples/spring-orders/src/main/resources/db/migration";

    private static final List<String> RIGHTS = List.of(
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            "GRANT CREATE, USAGE ON SCHEMA public TO " + Stage.OWNER,
            "GRANT USAGE ON SCHEMA public TO " + Stage.ROLE,
            Scenery.SUPERUSER);

    private SpringOrders() {}

    /** Two empty databases: the application makes its tables on the source when it starts. */
    public static Scenery scenery() {
        return new Scenery(RIGHTS, RIGHTS, Scenery.Size.ONE_DATABASE);
    }

    /**
     * Looks for the application, before anything is started.
     *
     * @throws DemoException if it is not built
     */
    public static void requireBuilt(Path home) {
        if (!Files.isRegularFile(jar(home))) {
            throw new DemoException("spring-orders is not built: there is no " + jar(home)
                    + "; run `mvn -DskipTests package` in " + home);
        }
    }

    static Path jar(Path home) {
        return home.resolve(JAR);
    }

    /**
     * Makes the application's tables on the target with its own migrations, and leaves them empty: replication brings the rows.
     *
     * @throws DemoException if a migration fails
     */
    public static void migrateTarget(Stage stage, Path home) {
        LocalPostgres target = stage.target();
        try {
            Flyway.configure()
                    .dataSource(
                            "jdbc:postgresql://" + target.host() + ":" + target.port() + "/" + Stage.DATABASE,
                            Stage.OWNER,
                            Objects.requireNonNull(
                                    stage.ownerPasswordEnvironment().get(Stage.OWNER_PASSWORD_VARIABLE)))
                    .locations("filesystem:" + home.resolve(MIGRATIONS))
                    .placeholders(Map.of("application-role", Stage.ROLE))
                    .load()
                    .migrate();
            target.execute(Stage.DATABASE, "TRUNCATE orders, order_totals, flyway_schema_history");
        } catch (SQLException | FlywayException e) {
            throw new DemoException("the application's migrations failed on " + target, e);
        }
    }
}
