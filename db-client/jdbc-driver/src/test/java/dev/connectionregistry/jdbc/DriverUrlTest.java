package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DriverUrlTest {
    private static DriverUrl parse(String url) {
        return DriverUrl.parse(url, new Properties());
    }

    @Test
    void saysWhatTheEnvironmentWouldSayAndCountsForMore() {
        DriverUrl url = parse("jdbc:registry:orders?service=keycloak&table=other&allowEndpoints=*.internal%3A5432");
        assertThat(url.variables(Map.of("REGISTRY_SERVICE", "x", "REGISTRY_INSTANCE", "i-1")))
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "REGISTRY_DATABASE", "orders",
                        "REGISTRY_SERVICE", "keycloak",
                        "REGISTRY_INSTANCE", "i-1",
                        "REGISTRY_TABLE", "other",
                        "REGISTRY_ALLOW_ENDPOINTS", "*.internal:5432"));
        assertThat(url.isPoolingOwn()).isFalse();
    }

    @Test
    void theSameInAnotherOrderIsTheSame() {
        assertThat(parse("jdbc:registry:orders?service=a&table=tab"))
                .isEqualTo(parse("jdbc:registry:orders?table=tab;service=a"));
    }

    @Test
    void propertiesCountWhereTheUrlSaysNothing() {
        Properties properties = new Properties();
        properties.setProperty("service", "from-properties");
        properties.setProperty("table", "from-properties");
        properties.setProperty("user", "scott");
        properties.setProperty("password", "");
        assertThat(DriverUrl.parse("jdbc:registry:orders?service=url", properties)
                        .parameters())
                .containsEntry(DriverUrl.Parameter.SERVICE, "url")
                .containsEntry(DriverUrl.Parameter.TABLE, "from-properties");
        assertThat(DriverUrl.ignored(properties)).isEqualTo("user");
    }

    @Test
    void theStartTimeoutIsWrittenAsEverywhere() {
        assertThat(parse("jdbc:registry:orders?service=a").startTimeout()).isEmpty();
        assertThat(parse("jdbc:registry:orders?service=a&startTimeout=1m30s").startTimeout())
                .contains(Duration.ofSeconds(90));
        assertThat(parse("jdbc:registry:orders?service=a&starttimeout=250ms").startTimeout())
                .contains(Duration.ofMillis(250));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "jdbc:registry: | name",
                "jdbc:registry:orders?servce=a | parameter 'servce' is not known; known are service, instance",
                "jdbc:registry:orders?service | 'service' has no value; write service=VALUE",
                "jdbc:registry:orders?service=%zz | 'service' is not URL-encoded",
                "jdbc:registry:orders?service=a&pooling=both | parameter 'pooling' is 'both'; use 'outer'",
                "jdbc:registry:orders?service=a&maximumSize=3 | need pooling=own",
                "jdbc:registry:orders?service=a&startTimeout=20 | parameter 'startTimeout' is '20'; write a positive duration"
            })
    void saysWhatIsWrong(String url, String message) {
        assertThatThrownBy(() -> parse(url))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(message);
    }
}
