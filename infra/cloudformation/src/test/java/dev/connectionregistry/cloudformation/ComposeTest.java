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
import org.junit.jupiter.api.Test;

/** The compose file hangs together; whether containers run nobody can tell without an engine. */
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
        services.values().forEach(service -> mounts(service).forEach(mount -> {
            String source = mount.substring(0, mount.indexOf(':'));
            assertThat(built.contains(source) || Files.exists(INFRA.resolve(source)))
                    .as(mount)
                    .isTrue();
            assertThat(mount).endsWith(":ro");
        }));
    }

    private static List<String> mounts(Object service) {
        return ((List<?>) Template.map(service).getOrDefault("volumes", List.of()))
                .stream().map(String::valueOf).toList();
    }

    /** Else the new server would lack what the service makes on the old one. */
    @Test
    void bothServersHaveTheServicesTable() throws IOException {
        String source = Files.readString(INFRA.resolve(
                "../samples/orders-service/src/main/java/dev/connectionregistry/samples/orders/OrderStore.java"));
        String statement = source.substring(source.indexOf("CREATE TABLE IF NOT EXISTS"));
        String joined = statement.substring(0, statement.indexOf("\");")).replaceAll("\"\\s*\\+ \"", "");
        assertThat(Files.readString(INFRA.resolve("compose/postgres.sql"))).contains(joined + ";");
    }

    @Test
    void nothingListensBeyondThisMachine() {
        services.values().forEach(service -> ((List<?>) Template.map(service).getOrDefault("ports", List.of()))
                .forEach(port -> assertThat((String) port).startsWith("127.0.0.1:")));
    }
}
