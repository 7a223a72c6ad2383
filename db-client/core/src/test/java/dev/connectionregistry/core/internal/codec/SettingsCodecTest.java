package dev.connectionregistry.core.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SettingsCodecTest {
    private static final VersionedSettings SIMPLE = VersionedSettings.first(
            new DatabaseName("orders"),
            ConnectionSettings.of(Endpoint.parse("db1:5432/orders"), "app", SecretRef.parse("env:PW")),
            new Change("alice", Instant.parse("2026-11-01T12:00:00Z"), "first"));

    @Test
    void readsBackWhatItWrote() {
        assertThat(SettingsCodec.versioned(SettingsCodec.toDocument(SIMPLE))).isEqualTo(SIMPLE);
    }

    @Test
    void readsBackAnythingItCanWrite() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 500; i++) {
            VersionedSettings settings = random(random);
            assertThat(SettingsCodec.versioned(SettingsCodec.toDocument(settings)))
                    .as("seed %d, round %d", seed, i)
                    .isEqualTo(settings);
        }
    }

    /** An instance polls without signals, so this is no reason not to move. */
    @Test
    @SuppressWarnings("unchecked")
    void aTransitionWhoseSignalServerCannotBeUsedIsOneWithout() {
        ConnectionSettings target = SIMPLE.settings().withEndpoint(Endpoint.parse("ro2:5432/orders"));
        Transition transition = new Transition("c-1", Transition.Phase.HOLD, target, Duration.ofSeconds(1));
        Map<String, Object> document = SettingsCodec.toDocument(
                SIMPLE.nextIn(transition.signalledOver(Endpoint.parse("db2:5432/orders")), SIMPLE.change()));
        for (Object wrong :
                List.of("db2:5432/orders", Map.of("host", "db2 ", "port", 5432, "databaseName", "orders"))) {
            Map<String, Object> within = (Map<String, Object>) Objects.requireNonNull(document.get("transition"));
            within.put("signalServer", wrong);
            assertThat(SettingsCodec.versioned(document).transition()).contains(transition);
        }
    }

    private static VersionedSettings random(Random random) {
        int size = 1 + random.nextInt(1000);
        Duration lifetime = random.nextBoolean() ? Duration.ZERO : millis(random, 30_000, 86_400_000);
        PoolSettings pool = new PoolSettings(
                size,
                random.nextInt(size + 1),
                millis(random, 250, 600_000),
                random.nextBoolean() ? Duration.ZERO : millis(random, 10_000, 86_400_000),
                lifetime,
                random.nextBoolean()
                        ? Duration.ZERO
                        : millis(random, 30_000, lifetime.isZero() ? 86_400_000 : lifetime.toMillis()),
                millis(random, 250, 30_000),
                millis(random, 0, 3_600_000),
                random.nextBoolean() ? Duration.ZERO : millis(random, 2_000, 3_600_000));
        Polling polling = new Polling(
                millis(random, 50, 3_600_000),
                random.nextBoolean() ? Optional.empty() : Optional.of(millis(random, 50, 3_600_000)));
        ConnectionSettings settings = new ConnectionSettings(
                new Endpoint(
                        Stream.generate(() -> new Host("db" + random.nextInt(), 1 + random.nextInt(65_535)))
                                .limit(1 + random.nextInt(3))
                                .toList(),
                        text(random, 15)),
                text(random, 15),
                SecretRef.parse("x-any:" + text(random, 50)),
                List.of(ServerRole.values()).get(random.nextInt(ServerRole.values().length)),
                pool,
                polling,
                random.nextBoolean() ? Map.of() : Map.of("sslmode", text(random, 20), "options", ""));
        Map<String, Object> unknown = new HashMap<>();
        if (random.nextBoolean()) {
            unknown.put("future", List.of(random.nextLong(), text(random, 9), Map.of("deep", random.nextBoolean())));
            unknown.put("endpoint", Map.of("zone", text(random, 5)));
        }
        boolean removed = random.nextBoolean();
        Optional<Transition> transition = removed || random.nextBoolean()
                ? Optional.empty()
                : Optional.of(new Transition(
                        "c-" + random.nextInt(1000),
                        random.nextBoolean() ? Transition.Phase.PREPARE : Transition.Phase.HOLD,
                        settings.withEndpoint(new Endpoint("next", 1 + random.nextInt(65_535), text(random, 15))),
                        millis(random, 100, 60_000),
                        List.of(),
                        random.nextBoolean() ? Optional.empty() : Optional.of(settings.endpoint())));
        return new VersionedSettings(
                new DatabaseName("d" + random.nextInt(1000)),
                1 + random.nextLong(1L << 40),
                settings,
                new Change(text(random, 30), Instant.ofEpochSecond(random.nextInt(), random.nextInt(999_999_999)), ""),
                removed,
                transition,
                1 + random.nextInt(VersionedSettings.MOST_REPORT_PARTITIONS),
                unknown);
    }

    private static Duration millis(Random random, long min, long max) {
        return Duration.ofMillis(min + random.nextLong(max - min + 1));
    }

    private static String text(Random random, int codePoints) {
        return random.ints(1 + random.nextInt(codePoints), 0x20, 0x2fff)
                .filter(c -> !Character.isISOControl(c) && c != '?' && c != '@' && !Character.isWhitespace(c))
                .collect(() -> new StringBuilder("t"), StringBuilder::appendCodePoint, StringBuilder::append)
                .codePoints()
                .limit(20)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static final ConnectionSettings SEVERAL = SIMPLE.settings()
            .withEndpoint(Endpoint.parse("db1:5432,[fd00::2]:5433/orders"))
            .withRole(ServerRole.PREFER_STANDBY);

    @Test
    void anEarlierReleaseSeesTheFirstHostAndARoleThatItKnows() {
        Map<String, Object> document = SettingsCodec.toDocument(SEVERAL);
        assertThat(document)
                .containsEntry(
                        "endpoint",
                        Map.of(
                                "host",
                                "db1",
                                "port",
                                5432L,
                                "hosts",
                                List.of("db1:5432", "[fd00::2]:5433"),
                                "databaseName",
                                "orders"))
                .containsEntry("role", "any")
                .containsEntry("preferStandby", true);
        assertThat(SettingsCodec.settings(document)).isEqualTo(SEVERAL);
        assertThat(SettingsCodec.toDocument(SIMPLE).toString()).doesNotContain("hosts", "preferStandby");
    }

    @Test
    void whatAnEarlierReleaseWroteCountsMoreThanWhatItLeftBesideIt() {
        Map<String, Object> document = SettingsCodec.toDocument(SEVERAL);
        document.put("role", "primary");
        document.put(
                "endpoint",
                Map.of("host", "db3", "port", 5432L, "hosts", List.of("db1:5432", "db2:5433"), "databaseName", "o"));
        ConnectionSettings read = SettingsCodec.settings(document);
        assertThat(read.role()).isEqualTo(ServerRole.PRIMARY);
        assertThat(read.endpoint()).isEqualTo(new Endpoint("db3", 5432, "o"));
        assertThat(SettingsCodec.toDocument(read).toString()).doesNotContain("hosts", "preferStandby");
    }

    @ParameterizedTest
    @CsvSource({
        "db1:5432, attribute 'endpoint.hosts' is a text; it must be a list of texts",
        "[db2], has no port",
        "'[db1:5432,7]', it must be a list of texts",
    })
    void aListOfHostsThatIsNoneIsNamed(String hosts, String problem) {
        Map<String, Object> document = SettingsCodec.toDocument(SEVERAL);
        Object value = hosts.startsWith("[")
                ? Stream.of(hosts.substring(1, hosts.length() - 1).split(",", -1))
                        .map(each -> each.equals("7") ? (Object) 7L : each)
                        .toList()
                : hosts;
        document.put("endpoint", Map.of("host", "db1", "port", 5432L, "hosts", value, "databaseName", "orders"));
        assertThatThrownBy(() -> SettingsCodec.settings(document)).hasMessageContaining(problem);
    }

    @Test
    void whatIsLeftOutHasItsDefault() {
        Map<String, Object> document = Map.of(
                "endpoint", Map.of("host", "db1", "port", 5432, "databaseName", "orders"),
                "username", "app",
                "passwordRef", "env:PW");
        assertThat(SettingsCodec.settings(document)).isEqualTo(SIMPLE.settings());
    }

    private static Map<String, Object> with(String path, @Nullable Object value) {
        Map<String, Object> document = SettingsCodec.toDocument(SIMPLE);
        Map<String, Object> map = document;
        String name = path;
        int dot = path.indexOf('.');
        if (dot > 0) {
            map = new LinkedHashMap<>();
            for (Map.Entry<?, ?> entry :
                    ((Map<?, ?>) Objects.requireNonNull(document.get(path.substring(0, dot)))).entrySet()) {
                map.put((String) entry.getKey(), Objects.requireNonNull(entry.getValue()));
            }
            document.put(path.substring(0, dot), map);
            name = path.substring(dot + 1);
        }
        if (value == null) {
            map.remove(name);
        } else {
            map.put(name, value);
        }
        return document;
    }

    @ParameterizedTest
    @CsvSource({
        "database, 'database' is missing",
        "version, 'version' is missing",
        "endpoint, 'endpoint' is missing",
        "endpoint.host, 'endpoint.host' is missing",
        "endpoint.port, 'endpoint.port' is missing",
        "endpoint.databaseName, 'endpoint.databaseName' is missing",
        "username, 'username' is missing",
        "passwordRef, 'passwordRef' is missing",
    })
    void aMissingAttributeIsNamed(String path, String problem) {
        assertThatThrownBy(() -> SettingsCodec.versioned(with(path, null)))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(problem);
    }

    @ParameterizedTest
    @CsvSource({
        "database, 'database' is a map",
        "version, 'version' is a map",
        "format, 'format' is a map",
        "username, 'username' is a map",
        "passwordRef, 'passwordRef' is a map",
        "role, 'role' is a map",
        "endpoint.port, 'endpoint.port' is a map",
        "pool.maximumSize, 'pool.maximumSize' is a map",
        "pollIntervalMillis, 'pollIntervalMillis' is a map",
        "properties.sslmode, 'properties.sslmode' is a map",
        "changedAt, 'changedAt' is a map",
    })
    void anAttributeOfTheWrongKindIsNamed(String path, String problem) {
        assertThatThrownBy(() -> SettingsCodec.versioned(with(path, Map.of())))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void anAttributeOutOfBoundsIsNamed() {
        assertThatThrownBy(() -> SettingsCodec.versioned(with("pool.maximumSize", 1001L)))
                .hasMessageContaining("pool maximum size is 1001; it must be 1 to 1000");
        assertThatThrownBy(() -> SettingsCodec.versioned(with("pollIntervalMillis", 1L)))
                .hasMessageContaining("poll interval is 1ms");
        assertThatThrownBy(() -> SettingsCodec.versioned(with("version", 0L))).hasMessageContaining("version is 0");
        assertThatThrownBy(() -> SettingsCodec.versioned(with("endpoint.port", Long.MAX_VALUE)))
                .hasMessageContaining("port is");
        assertThatThrownBy(() -> SettingsCodec.versioned(with("version", new BigDecimal("1.5"))))
                .hasMessageContaining("'version'");
        assertThatThrownBy(() -> SettingsCodec.versioned(with("version", new BigDecimal("1E+100000"))))
                .hasMessageContaining("'version'");
        assertThatThrownBy(() -> SettingsCodec.versioned(with("pool.idleTimeoutMillis", Long.MIN_VALUE)))
                .hasMessageContaining("idle timeout is");
        assertThatThrownBy(() -> SettingsCodec.versioned(with("changedAt", "yesterday")))
                .hasMessageContaining("'changedAt'");
    }

    @Test
    void everyProblemIsNamedAtOnce() {
        Map<String, Object> document = with("username", 5L);
        document.put("role", "boss");
        document.remove("version");
        document.put("pool", Map.of("maximumSize", 0));
        assertThatThrownBy(() -> SettingsCodec.versioned(document))
                .hasMessageContaining("username")
                .hasMessageContaining("'boss'")
                .hasMessageContaining("version")
                .hasMessageContaining("pool maximum size");
    }

    @Test
    void aNewerFormatIsRefusedBeforeAnythingElseIsRead() {
        assertThatThrownBy(() -> SettingsCodec.versioned(Map.of("format", 2)))
                .isInstanceOfSatisfying(
                        InvalidSettingsException.class,
                        e -> assertThat(e.problems()).singleElement().asString().contains("format 2"));
    }

    @ParameterizedTest
    @CsvSource({
        "password",
        "PASSWORD",
        "passwd",
        "endpoint.password",
        "pool.pwd",
        "passwordRef",
        "properties.password",
        "properties.sslpassword"
    })
    void aLiteralPasswordIsRefusedAndNotRepeated(String path) {
        for (Object secret : new Object[] {"hunter2", 70_707L, List.of("hunter2")}) {
            assertThatThrownBy(() -> SettingsCodec.versioned(with(path, secret)))
                    .isInstanceOf(InvalidSettingsException.class)
                    .hasMessageNotContaining("hunter2")
                    .hasMessageNotContaining("70707");
        }
    }

    @Test
    void anUnknownAttributeCannotReplaceAKnownOne() {
        VersionedSettings sly = new VersionedSettings(
                SIMPLE.database(),
                1,
                SIMPLE.settings(),
                SIMPLE.change(),
                false,
                Optional.empty(),
                Map.of("username", "root", "endpoint", Map.of("host", "evil", "zone", "a")));
        Map<String, Object> document = SettingsCodec.toDocument(sly);
        assertThat(document).containsEntry("username", "app");
        assertThat(SettingsCodec.versioned(document).settings()).isEqualTo(SIMPLE.settings());
        assertThat(SettingsCodec.versioned(document).unknown())
                .containsExactly(Map.entry("endpoint", Map.of("zone", "a")));
    }

    @Test
    void theVersionCanBeReadFromAnUnreadableDocument() {
        assertThat(SettingsCodec.version(Map.of("version", 7, "username", List.of())))
                .contains(7L);
        assertThat(SettingsCodec.version(Map.of())).isEmpty();
    }
}
