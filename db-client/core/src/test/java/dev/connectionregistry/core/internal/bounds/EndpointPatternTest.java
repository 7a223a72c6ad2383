package dev.connectionregistry.core.internal.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointPatternTest {
    private static boolean matches(String pattern, String endpoint) {
        return EndpointPattern.parse(pattern).matches(Endpoint.parse(endpoint));
    }

    @ParameterizedTest
    @CsvSource({
        "db1.internal:5432, db1.internal:5432/orders",
        "db1.internal:5432, DB1.Internal.:5432/orders",
        "DB1.internal.:5432, db1.internal:5432/orders",
        "*.internal:5432, db1.internal:5432/orders",
        "db*.internal:*, db17.internal:6432/orders",
        "**.internal:5432, db1.eu.internal:5432/orders",
        "**.internal:5432, db1.internal:5432/orders",
        "db*:5432, db1:5432/orders",
        "*.internal:5432/orders, db1.internal:5432/orders",
        "*.internal:5432/shop_*, db1.internal:5432/shop_7",
        "10.1.2.*:5432, 10.1.2.250:5432/orders",
        "10.1.*.*:5432, 10.1.2.3:5432/orders",
        "[fd00::1]:5432, [FD00:0:0::0001]:5432/orders",
        "[::1]:*, [0:0:0:0:0:0:0:1]:1/orders",
        "localhost:5432, localhost:5432/orders",
    })
    void allows(String pattern, String endpoint) {
        assertThat(matches(pattern, endpoint)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "*.internal:5432, internal:5432/orders",
        "*.internal:5432, a.b.internal:5432/orders",
        "*.internal:5432, db1.internal.evil.com:5432/orders",
        "*.internal:5432, db1-internal:5432/orders",
        "*.internal:5432, db1.internal:5433/orders",
        "*.internal:543, db1.internal:5432/orders",
        "db1.internal:5432, db1xinternal:5432/orders",
        "**.internal:5432, internal:5432/orders",
        "**.internal:5432, evilinternal:5432/orders",
        "*:5432, db1.internal:5432/orders",
        // whatever a resolver takes for an address is matched by no name
        "*:5432, 2130706433:5432/orders",
        "*:5432, 0x7f000001:5432/orders",
        "*:5432, [::1]:5432/orders",
        "**.1:5432, 127.1:5432/orders",
        // and no name by an address
        "10.1.2.*:5432, 10.1.2.com:5432/orders",
        "10.1.2.*:5432, 10.1.2.03:5432/orders",
        "10.1.2.*:5432, 10.1.2.256:5432/orders",
        "10.1.2.3:5432, [::ffff:10.1.2.4]:5432/orders",
        "[fd00::1]:5432, [fd00::2]:5432/orders",
        "[fd00::1]:5432, [fd00::1%eth0]:5432/orders",
        "*.internal:5432/orders, db1.internal:5432/orders2",
        "*.internal:5432/orders, db1.internal:5432/Orders",
    })
    void allowsNot(String pattern, String endpoint) {
        assertThat(matches(pattern, endpoint)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "db1.internal",
                ":5432",
                "db1.internal:",
                "db1.internal:0",
                "db1.internal:65536",
                "db1.internal:5432/",
                "db1.*:5432",
                "db.**.internal:5432",
                "a**.internal:5432",
                "10.1.2*.3:5432",
                "10.1.2.300:5432",
                "[fd00::*]:5432",
                "[db1]:5432",
                "fd00::1:5432",
                "db1..internal:5432",
                "dаtabase.internal:5432", // a Cyrillic letter
                "*.*.*.*.*.internal:5432",
                "https://db1.internal:5432",
                "user@db1.internal:5432",
            })
    void aTextOfAnotherFormIsRefused(String text) {
        assertThatThrownBy(() -> EndpointPattern.parse(text))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'" + text + "'");
    }
}
