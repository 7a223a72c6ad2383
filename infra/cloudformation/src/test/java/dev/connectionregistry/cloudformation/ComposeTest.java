package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.cloudformation.template.Element;
import dev.connectionregistry.cloudformation.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Checks that the compose file is consistent. Without an engine it cannot check that the containers run. */
class ComposeTest {
    private static final Path INFRA = Path.of(System.getProperty("infra.folder", ".."));

    private final Map<String, Object> services = Template.read("compose.yaml").section("services");

    @Test
    void everyImageHasAVersion() {
        assertThat(services.keySet())
                .isEqualTo(Set.of("localstack", "old", "new", "setup", "orders-service", "registry-admin"));
        assertThat(services.keySet())
                .extracting(each -> Element.text(Element.map(services, each), "image"))
                .containsOnly("localstack/localstack:4.14.0", "postgres:15", "postgres:17", "eclipse-temurin:17-jre");
    }

    @Test
    void whatIsWaitedForIsThereAndCanBeHealthy() {
        services.forEach((name, service) -> {
            Map<String, Object> waits = Template.map(Template.map(service).getOrDefault("depends_on", Map.of()));
            waits.forEach((other, how) -> {
                assertThat(services).as(name).containsKey(other);
                if (Element.text(Template.map(how), "condition").equals("service_healthy")) {
                    assertThat(Element.map(services, other)).as(other).containsKey("healthcheck");
                }
            });
        });
    }

    /** Files of the project are there; what the build makes is named as the build names it. */
    @Test
    void whatIsMountedIsThere() {
        List<String> built = List.of("../registry-admin/target/registry-admin", "../samples/orders-service/target");
        services.values().stream().flatMap(ComposeTest::mounts).forEach(mount -> {
            String source = Element.text(mount, "source");
            assertThat(built.contains(source) || Files.exists(INFRA.resolve(source)))
                    .as(source)
                    .isTrue();
            assertThat(mount).as(source).containsEntry("read_only", true);
        });
    }

    /** The engine would make them as root, and the build could not write there. */
    @Test
    void whatIsMissingIsNotMade() {
        assertThat(services.values().stream().flatMap(ComposeTest::mounts))
                .isNotEmpty()
                .allSatisfy(mount -> assertThat(mount)
                        .containsEntry("type", "bind")
                        .containsEntry("bind", Map.of("create_host_path", false)));
    }

    private static Stream<Map<String, Object>> mounts(Object service) {
        return ((List<?>) Template.map(service).getOrDefault("volumes", List.of()))
                .stream().map(Template::map);
    }

    /** Else the target would lack what the service makes on the source. */
    @Test
    void bothServersHaveTheServicesTable() throws IOException {
        String source = Files.readString(INFRA.resolve(
                "../samples/orders-service/src/main/java/dev/connectionregistry/samples/orders/OrderStore.java"));
        String statement = source.substring(source.indexOf("CREATE TABLE IF NOT EXISTS"));
        String made = oneLine(statement.substring(0, statement.indexOf("\"\"\"")));
        assertThat(made).endsWith(")");
        assertThat(oneLine(Files.readString(INFRA.resolve("compose/postgres.sql"))))
                .contains(made + ";");
    }

    private static String oneLine(String sql) {
        return sql.strip().replaceAll("\\s+", " ").replace("( ", "(").replace(" )", ")");
    }

    @Test
    void theServiceListensWhereItsPortIsPublished() {
        Map<String, Object> service = Element.map(services, "orders-service");
        Map<String, Object> environment = Element.map(service, "environment");
        assertThat(environment).containsEntry("HOST", "0.0.0.0");
        String port = Element.text(environment, "PORT");
        assertThat(((List<?>) Element.at(service, "ports")).stream().map(String::valueOf))
                .allMatch(each -> each.endsWith(":" + port));
    }

    /** LocalStack is healthy before DynamoDB answers in time; what ends well the third time ends well. */
    @ParameterizedTest
    @CsvSource({"2, 0", "99, 1"})
    void setupTriesUntilTheRegistryAnswers(int failures, int code, @TempDir Path folder) throws Exception {
        String script = (String) ((List<?>) Element.at(Element.map(services, "setup"), "command")).get(0);
        Files.writeString(folder.resolve("script"), """
                registry-admin() {
                    echo "$1" >>calls
                    [ "$1" != init ] || [ "$(grep -c init calls)" -gt %d ] || { echo "problem $(grep -c init calls)" >&2; return 1; }
                }
                sleep() { :; }
                """.formatted(failures) + script.replace("$$", "$"));
        Path errors = folder.resolve("errors");
        Process bash = new ProcessBuilder("/bin/bash", "-eu", "script")
                .directory(folder.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(errors.toFile())
                .start();
        assertThat(bash.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(bash.exitValue()).isEqualTo(code);
        if (code == 0) {
            assertThat(Files.readAllLines(folder.resolve("calls"))).containsExactly("init", "init", "init", "show");
        } else {
            assertThat(errors).hasContent("problem 30");
        }
    }

    @Test
    void nothingListensBeyondThisMachine() {
        services.values().forEach(service -> ((List<?>) Template.map(service).getOrDefault("ports", List.of()))
                .forEach(port -> assertThat((String) port).startsWith("127.0.0.1:")));
    }
}
