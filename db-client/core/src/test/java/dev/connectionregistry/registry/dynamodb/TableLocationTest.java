package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TableLocationTest {
    @Test
    void theEnvironmentNamesTheTable() {
        assertThat(TableLocation.fromEnvironment(Map.of()).table()).isEqualTo("connection-registry");
        assertThat(TableLocation.fromEnvironment(Map.of("REGISTRY_TABLE", " ")).table())
                .isEqualTo("connection-registry");
        assertThat(TableLocation.fromEnvironment(Map.of("REGISTRY_TABLE", "mine")))
                .isEqualTo(TableLocation.of("mine"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ab", "a b c", "a/b", ""})
    void aWrongTableNameIsNamed(String name) {
        assertThatThrownBy(() -> TableLocation.of(name))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("table name '" + name + "'");
    }

    @Test
    void aTableNameMayHave255Characters() {
        assertThat(TableLocation.of("a".repeat(255)).table()).hasSize(255);
        assertThatThrownBy(() -> TableLocation.of("a".repeat(256))).isInstanceOf(InvalidSettingsException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost:8000", "ftp://host", "http://", "not a url", "/path", "dynamodb"})
    void aWrongEndpointSaysTheForm(String url) {
        assertThatThrownBy(() -> TableLocation.of("registry").withEndpointUrl(url))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("http://HOST:PORT");
    }

    @Test
    void aUserInTheEndpointIsRefusedAndNotRepeated() {
        assertThatThrownBy(() -> TableLocation.of("registry").withEndpointUrl("http://me:hunter2@host:8000"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void allProblemsAreNamedAtOnce() {
        assertThatThrownBy(() -> new TableLocation("x", Optional.of("Frankfurt!"), Optional.empty(), Optional.of("")))
                .isInstanceOfSatisfying(InvalidSettingsException.class, e -> assertThat(e.problems())
                        .hasSize(3));
    }
}
