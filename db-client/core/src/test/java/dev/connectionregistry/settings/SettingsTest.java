package dev.connectionregistry.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small values: names, pool, polling, driver properties, versions. */
final class SettingsTest {
    private static final ConnectionSettings SETTINGS =
            ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW"));

    @ParameterizedTest
    @ValueSource(strings = {"", "Orders", "1orders", "-orders", "orders#1", "or ders", "orders/1"})
    void aWrongDatabaseNameIsNamed(String name) {
        assertThatThrownBy(() -> new DatabaseName(name))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'" + name + "'");
    }

    @Test
    void aDatabaseNameMayHave63Characters() {
        assertThat(new DatabaseName("a".repeat(63)).value()).hasSize(63);
        assertThatThrownBy(() -> new DatabaseName("a".repeat(64))).isInstanceOf(InvalidSettingsException.class);
    }

    @Test
    void aPoolNamesEveryBadValueAtOnce() {
        assertThatThrownBy(() -> new PoolSettings(
                        0,
                        5,
                        Duration.ofMillis(249),
                        Duration.ofSeconds(9),
                        Duration.ofSeconds(29),
                        Duration.ofSeconds(29),
                        Duration.ofMillis(249),
                        Duration.ofHours(2),
                        Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems()).hasSize(9).anySatisfy(problem -> assertThat(problem)
                                .isEqualTo("connection timeout is 249ms; it must be 250ms to 10m")));
    }

    @Test
    void zeroLifetimesMeanNever() {
        PoolSettings never = PoolSettings.DEFAULT.withLifetimes(Duration.ZERO, Duration.ZERO, Duration.ofHours(20));
        assertThat(never.maxLifetime()).isZero();
    }

    @Test
    void aSmallerPoolKeepsFewerIdleConnections() {
        assertThat(PoolSettings.DEFAULT.withMaximumSize(3).minimumIdle()).isEqualTo(3);
        assertThat(PoolSettings.DEFAULT.withMaximumSize(30).minimumIdle()).isEqualTo(10);
    }

    @Test
    void aShortenedIntervalRemembersTheLastingOne() {
        Polling polling = Polling.every(Duration.ofSeconds(30));
        Polling quick = polling.shortenedTo(Duration.ofSeconds(1)).shortenedTo(Duration.ofMillis(50));
        assertThat(quick.isTemporary()).isTrue();
        assertThat(quick).hasToString("50ms (normally 30s)");
        assertThat(quick.restored()).isEqualTo(polling);
        assertThatThrownBy(() -> polling.shortenedTo(Duration.ofMillis(49)))
                .hasMessageContaining("poll interval is 49ms; it must be 50ms to 1h");
    }

    @ParameterizedTest
    @ValueSource(strings = {"password", "sslPassword", "a b", ""})
    void aDriverPropertyThatIsSecretOrNoNameIsRefusedWithoutItsValue(String name) {
        assertThatThrownBy(() -> SETTINGS.withProperties(Map.of(name, "hunter2")))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'" + name + "'")
                .hasMessageNotContaining("hunter2");
    }

    @Test
    void driverPropertiesAreBoundedTogether() {
        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < 33; i++) {
            many.put("property" + i, "x");
        }
        assertThatThrownBy(() -> SETTINGS.withProperties(many))
                .hasMessage("33 driver properties are given; allowed are 32");
        assertThat(SETTINGS.withProperties(Map.of("options", "x".repeat(4089))).properties())
                .hasSize(1);
        assertThatThrownBy(() -> SETTINGS.withProperties(Map.of("options", "x".repeat(4090))))
                .hasMessage("the driver properties have 4097 bytes together; allowed are 4096");
    }

    @Test
    void whatIsKeptUnreadIsBounded() {
        VersionedSettings first =
                VersionedSettings.first(new DatabaseName("orders"), SETTINGS, new Change("alice", Instant.EPOCH, ""));
        assertThatThrownBy(() -> new VersionedSettings(
                        first.database(),
                        1,
                        SETTINGS,
                        first.change(),
                        false,
                        Optional.empty(),
                        Map.of("later", "x".repeat(32 * 1024))))
                .hasMessageContaining("allowed are 32768");
        assertThatThrownBy(() -> SecretRef.parse("x-vault:" + "x".repeat(2049)))
                .hasMessageContaining("2057 characters")
                .hasMessageContaining("at most 2048");
    }

    @Test
    void everyLaterVersionKeepsTheReportPartitionsWhateverElseItSays() {
        Change change = new Change("alice", Instant.EPOCH, "");
        VersionedSettings first = VersionedSettings.first(new DatabaseName("orders"), SETTINGS, change);
        assertThat(first.reportPartitions()).isEqualTo(1);
        VersionedSettings spread = first.withReportPartitions(VersionedSettings.MOST_REPORT_PARTITIONS);
        Transition transition = new Transition("c-1", Transition.Phase.PREPARE, SETTINGS, Duration.ofSeconds(5));
        for (VersionedSettings later : List.of(
                spread.next(SETTINGS, change),
                spread.nextIn(transition, change),
                spread.nextRemoved(change),
                spread.lifted(9, change),
                spread.withUnknown(Map.of("later", 1)))) {
            assertThat(later.reportPartitions()).isEqualTo(64);
        }
        assertThatThrownBy(() -> first.withReportPartitions(0))
                .hasMessage("the number of report partitions is 0; it must be 1 to 64");
        assertThatThrownBy(() -> first.withReportPartitions(65)).hasMessageContaining("is 65; it must be 1 to 64");
    }

    @Test
    void settingsAreTheirOwnCopy() {
        Map<String, String> properties = new HashMap<>(Map.of("sslmode", "require"));
        ConnectionSettings settings = SETTINGS.withProperties(properties);
        properties.put("sslmode", "disable");
        assertThat(settings.properties()).containsExactly(Map.entry("sslmode", "require"));
    }

    @Test
    void everyWriteIsOneVersionHigherAlsoTheRemoval() {
        Change change = new Change("alice", Instant.EPOCH, "");
        VersionedSettings first = VersionedSettings.first(new DatabaseName("orders"), SETTINGS, change);
        VersionedSettings removed = first.nextRemoved(change);
        VersionedSettings back = removed.next(SETTINGS, change);
        assertThat(removed.version()).isEqualTo(2);
        assertThat(removed.removed()).isTrue();
        assertThat(back.version()).isEqualTo(3);
        assertThat(back.removed()).isFalse();
        assertThatThrownBy(() ->
                        new VersionedSettings(first.database(), 0, SETTINGS, change, false, Optional.empty(), Map.of()))
                .hasMessageContaining("version is 0");
    }
}
