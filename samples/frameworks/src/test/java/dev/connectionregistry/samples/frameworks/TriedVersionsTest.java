package dev.connectionregistry.samples.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page says which versions were tried: those of the build, and no others. */
class TriedVersionsTest {
    private static final Path ROOT = Path.of("..", "..");
    private static final Path PAGE = ROOT.resolve(Path.of("docs", "frameworks.md"));
    private static final Pattern ROW = Pattern.compile("(?m)^\\| ([^|]+) \\| (\\d[^| ]*) \\|");

    /** What the page calls it, and the POM's property with its version. */
    private static final Map<String, String> PROPERTIES = Map.ofEntries(
            Map.entry("Spring Boot 3", ".#spring-boot-3.version"),
            Map.entry("Spring Boot 4", ".#spring-boot-4.version"),
            Map.entry("Micronaut", "samples/micronaut-orders#micronaut.version"),
            Map.entry("Quarkus", "samples/quarkus-orders#quarkus.version"),
            Map.entry("Vert.x SQL client", "samples/vertx-orders#vertx.version"),
            Map.entry("jOOQ", "samples/frameworks#jooq.version"),
            Map.entry("Jdbi", "samples/frameworks#jdbi.version"),
            Map.entry("MyBatis", "samples/frameworks#mybatis.version"),
            Map.entry("Quartz", "samples/frameworks#quartz.version"),
            Map.entry("db-scheduler", "samples/frameworks#db-scheduler.version"),
            Map.entry("JobRunr", "samples/frameworks#jobrunr.version"),
            Map.entry("Flowable", "db-client/jdbc-driver#flowable.version"),
            Map.entry("HikariCP", ".#hikari.version"),
            Map.entry("Agroal", "db-client/jdbc-driver#agroal.version"),
            Map.entry("Tomcat JDBC", "db-client/jdbc-driver#tomcat-jdbc.version"),
            Map.entry("DBCP2", "db-client/jdbc-driver#dbcp2.version"),
            Map.entry("Flyway", "db-client/jdbc-driver#flyway.version"),
            Map.entry("Liquibase", "db-client/jdbc-driver#liquibase.version"),
            Map.entry("pgjdbc", ".#postgresql.version"),
            Map.entry("JUnit", ".#junit.version"));

    @Test
    void thePageHasTheVersionsOfTheBuild() throws IOException {
        Map<String, String> tried = new TreeMap<>();
        ROW.matcher(Files.readString(PAGE))
                .results()
                .forEach((MatchResult row) -> tried.put(row.group(1), row.group(2)));
        Map<String, String> built = new TreeMap<>();
        for (Map.Entry<String, String> each : PROPERTIES.entrySet()) {
            built.put(each.getKey(), version(each.getValue()));
        }
        assertThat(tried).isEqualTo(built);
    }

    private static String version(String where) throws IOException {
        int hash = where.indexOf('#');
        Path pom = ROOT.resolve(where.substring(0, hash)).resolve("pom.xml");
        String property = Pattern.quote(where.substring(hash + 1));
        Matcher found =
                Pattern.compile("<" + property + ">(.*)</" + property + ">").matcher(Files.readString(pom));
        assertThat(found.find()).as(where).isTrue();
        return found.group(1);
    }
}
