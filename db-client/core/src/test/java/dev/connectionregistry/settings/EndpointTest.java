package dev.connectionregistry.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class EndpointTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "db1:5432/orders",
                "db1.internal.:1/o",
                "10.0.0.1:65535/orders",
                "[::1]:5432/orders",
                "[fe80::1%eth0]:5432/orders",
                "my_db-1.eu:5432/with/slash",
                "db1:5432/a@b",
                "db1:5432/with space",
                "db1:5432,db2:5433/orders",
                "[fd00::1]:5432,[fd00::2]:5432,10.0.0.3:5432/orders"
            })
    void readsWhatItWrites(String text) {
        assertThat(Endpoint.parse(text).toString()).isEqualTo(text);
        assertThat(Endpoint.parse(text, "other")).isEqualTo(Endpoint.parse(text));
    }

    @Test
    void aNameThatIsLeftOutHasADefault() {
        assertThat(Endpoint.parse("db1:5432", "orders")).isEqualTo(new Endpoint("db1", 5432, "orders"));
    }

    @ParameterizedTest
    @CsvSource({
        "db1, has no database name",
        "db1:5432, has no database name",
        "db1/orders, has no port",
        ":5432/orders, has no port",
        "db1:x/orders, port 'x' is not a number",
        "db1:0/orders, port is 0; it must be 1 to 65535",
        "db1:65536/orders, port is 65536",
        "db1:5432/, has 0 bytes",
        "::1:5432/orders, in brackets",
        "-db:5432/orders, host '-db'",
        "d b:5432/orders, host 'd b'",
        "'db1:5432,db2/orders', has no port after 'db2'",
        "'db1:5432,,db2:5432/orders', has no port after ''",
        "'db1:5432,[::1]/orders', has no port after '[::1]'",
        "'db1:5432,DB1.:5432/orders', host 'DB1.:5432' is in the endpoint twice",
        "'a:1,b:1,c:1,d:1,e:1,f:1,g:1,h:1,i:1/orders', has 9 hosts; allowed are 1 to 8",
    })
    void aWrongTextIsNamedWithTheRemedy(String text, String problem) {
        assertThatThrownBy(() -> Endpoint.parse(text))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "postgres://app:hunter2@db1:5432/orders",
                "jdbc:postgresql://db1:5432/orders?password=hunter2",
                "app:hunter2@db1:5432/orders",
                "app:hunter2@db1:5432",
                "db1:5432/orders?user=app&password=hunter2",
                "db1:5432/orders?PASSWORD=hunter2"
            })
    void aPasswordInItIsRefusedAndNotRepeated(String text) {
        for (Runnable parse : new Runnable[] {() -> Endpoint.parse(text), () -> Endpoint.parse(text, "orders")}) {
            assertThatThrownBy(parse::run)
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageNotContaining("hunter2");
        }
    }

    @Test
    void aPasswordInAPartIsNotRepeatedEither() {
        assertThatThrownBy(() -> new Endpoint("app:hunter2@db1", 0, "x?password=hunter2" + "x".repeat(60)))
                .isInstanceOfSatisfying(InvalidSettingsException.class, e -> assertThat(e.problems())
                        .hasSize(4))
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void aNameIsMeasuredInBytes() {
        assertThat(new Endpoint("db1", 1, "\u00fc".repeat(31)).databaseName()).hasSize(31);
        assertThatThrownBy(() -> new Endpoint("db1", 1, "\u00fc".repeat(32))).hasMessageContaining("64 bytes");
    }

    @Test
    void aHostWithAPasswordInItIsNotRepeated() {
        assertThatThrownBy(() -> Endpoint.Host.parse("app:hunter2@db1"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void severalHostsKeepTheirOrderAndEachIsAnEndpoint() {
        Endpoint endpoint = Endpoint.parse("db1:5432,[::1]:5433", "orders");
        assertThat(endpoint.host()).isEqualTo("db1");
        assertThat(endpoint.port()).isEqualTo(5432);
        assertThat(endpoint.each())
                .containsExactly(new Endpoint("db1", 5432, "orders"), new Endpoint("::1", 5433, "orders"));
        assertThat(new Endpoint("db1", 5432, "orders").each()).containsExactly(new Endpoint("db1", 5432, "orders"));
        assertThat(endpoint).isNotEqualTo(Endpoint.parse("[::1]:5433,db1:5432/orders"));
    }

    @Test
    void allHostsThatAreWrongAreNamed() {
        assertThatThrownBy(() -> Endpoint.parse("d b:5432,db2:99999/orders"))
                .hasMessageContainingAll("host 'd b'", "port is 99999");
        String longName = "a".repeat(60);
        assertThatThrownBy(() -> Endpoint.parse(IntStream.range(0, 8)
                        .mapToObj(i -> longName + "." + longName + "." + i + ":5432")
                        .collect(Collectors.joining(",", "", "/orders"))))
                .hasMessageContaining("characters together; allowed are 900");
    }

    @ParameterizedTest
    @CsvSource({
        "db1:5432/o, db1:5432/o, true",
        "'db1:5432,db2:5432/o', DB2.:5432/o, true",
        "'db1:5432,db2:5432/o', db2:5433/o, false",
        "'db1:5432,db2:5432/o', db2:5432/p, false",
    })
    void endpointsOverlapIfTheyHaveAHostAndTheDatabaseInCommon(String one, String other, boolean overlap) {
        assertThat(Endpoint.parse(one).overlaps(Endpoint.parse(other))).isEqualTo(overlap);
        assertThat(Endpoint.parse(other).overlaps(Endpoint.parse(one))).isEqualTo(overlap);
    }
}
