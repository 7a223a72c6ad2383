package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.connectionregistry.core.internal.util.LoginDeadline;
import dev.connectionregistry.internal.Libraries;
import dev.connectionregistry.internal.observe.StatusMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The metadata for native images names what is there, and everything that is reached by name is named; that it is enough for the
 * libraries below, only an image can show.
 */
class NativeImageTest {
    private static final String FOLDER = "META-INF/native-image/dev.connectionregistry/";
    private static final ClassLoader LOADER = NativeImageTest.class.getClassLoader();

    private static JsonNode read(String file) throws IOException {
        try (InputStream in = LOADER.getResourceAsStream(FOLDER + file)) {
            assertThat(in).as(file).isNotNull();
            return new ObjectMapper().readTree(in);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"registry-core/reflect-config.json", "db-client/reflect-config.json"})
    void eachClassAndConstructorThatIsNamedExists(String file) throws Exception {
        JsonNode classes = read(file);
        assertThat(classes).isNotEmpty();
        for (JsonNode each : classes) {
            Class<?> type = Class.forName(each.get("name").asText(), false, LOADER);
            for (JsonNode method : each.path("methods")) {
                List<Class<?>> parameters = new ArrayList<>();
                for (JsonNode parameter : method.get("parameterTypes")) {
                    parameters.add(Class.forName(parameter.asText()));
                }
                assertThat(method.get("name").asText()).isEqualTo("<init>");
                assertThat(type.getConstructor(parameters.toArray(Class<?>[]::new)))
                        .isNotNull();
            }
        }
    }

    @Test
    void eachResourceThatIsNamedExists() throws IOException {
        JsonNode includes = read("registry-core/resource-config.json").at("/resources/includes");
        assertThat(includes).isNotEmpty();
        for (JsonNode each : includes) {
            Pattern pattern = Pattern.compile(each.get("pattern").asText());
            String name = each.get("pattern").asText().replace("\\Q", "").replace("\\E", "");
            assertThat(pattern.matcher(name).matches()).isTrue();
            assertThat(LOADER.getResource(name)).as(name).isNotNull();
        }
    }

    /** Who reaches classes, members or resources by name, and where that is named. */
    @Test
    void nothingElseIsReachedByName() {
        Set<String> callers = shipped().stream()
                .flatMap(type -> type.getAccessesFromSelf().stream())
                .filter(access -> isByName(access.getTargetOwner().getName(), access.getName()))
                .map(access -> access.getOriginOwner().getName())
                .collect(Collectors.toSet());
        assertThat(callers)
                .containsExactlyInAnyOrder(
                        LoginDeadline.class.getName(), // its sockets, which the Postgres driver makes
                        "dev.connectionregistry.core.internal.follow.ClientVersion", // the resource
                        StatusMetrics.class.getName(), // Micrometer
                        Libraries.class.getName() + "$Need"); // Libraries.types()
    }

    private static JavaClasses shipped() {
        return new ClassFileImporter()
                .importUrls(Stream.of(RegistryDataSource.class, LoginDeadline.class)
                        .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                        .toList());
    }

    private static boolean isByName(String owner, String member) {
        return switch (owner) {
            case "java.lang.Class" ->
                member.equals("forName")
                        || member.equals("newInstance")
                        || member.startsWith("getDeclared")
                        || member.matches("get(Method|Field|Constructor|Resource|RecordComponent).*");
            case "java.lang.ClassLoader" -> member.matches("(load|find)Class|(get|find)?[rR]esources?.*");
            case "java.lang.invoke.MethodHandles$Lookup" -> member.startsWith("find");
            default ->
                owner.startsWith("java.lang.reflect.")
                        || owner.equals("java.util.ServiceLoader")
                        || owner.matches("java\\.util\\.concurrent\\.atomic\\..*FieldUpdater");
        };
    }

    @Test
    void eachClassThatIsLookedForIsNamed() throws IOException {
        List<String> named = read("db-client/reflect-config.json").findValuesAsText("name");
        assertThat(named).containsAll(Libraries.types()).contains("io.micrometer.core.instrument.Metrics");
    }
}
