package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The metadata for native images names what is there; that it is enough, only an image can show. */
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
}
