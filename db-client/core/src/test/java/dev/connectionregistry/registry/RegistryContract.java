package dev.connectionregistry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.registry.RegistryAdministration.Listed;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.PoolSettings;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import dev.connectionregistry.settings.VersionedSettings;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

/**
 * What every registry must do, whatever it is made of. Each test works on databases of its own, so a registry may be
 * shared by all of them and may hold other things.
 */
public abstract class RegistryContract {
    /** Three bytes of two code points, quotes, and what JSON and expressions treat specially. */
    protected static final String EXOTIC = "'\"\\ {}$:#, \u00fc\u4e2d\ud83d\ude80 \t\n</script>";

    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00.123456789Z");

    private final DatabaseName orders =
            new DatabaseName("orders-" + Long.toString(System.nanoTime(), 36) + "-" + DATABASES.incrementAndGet());

    /** The registry under test as services see it. */
    protected abstract SettingsRegistry services();

    /** The same registry as operators see it. */
    protected abstract RegistryAdministration operators();

    /** Puts {@code document} in the place of the current settings, as somebody would by hand. */
    protected abstract void putRaw(DatabaseName database, Map<String, Object> document);

    /** A database that no other test uses. */
    protected final DatabaseName database() {
        return orders;
    }

    /** Settings with nothing special about them. */
    protected static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    /** A change by {@code who}. */
    protected static Change by(String who) {
        return new Change(who, NOW, "because");
    }

    /** Writes version 1 of {@link #database}. */
    protected final VersionedSettings addFirst() {
        VersionedSettings first = VersionedSettings.first(orders, settings("db1"), by("alice"));
        assertThat(operators().write(first)).isEqualTo(new WriteResult.Written(first));
        return first;
    }

    private VersionedSettings written(VersionedSettings next) {
        assertThat(operators().write(next)).isEqualTo(new WriteResult.Written(next));
        return next;
    }

    private Map<String, Object> document() {
        return SettingsCodec.toDocument(VersionedSettings.first(orders, settings("db1"), by("alice")));
    }

    @Test
    void answersAbsentForADatabaseThatWasNeverThere() {
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Absent(Optional.empty()));
        assertThat(operators().read(orders)).isEqualTo(new ReadResult.Absent(Optional.empty()));
        assertThat(operators().history(orders, 10)).isEmpty();
        assertThat(operators().version(orders, 1)).isEmpty();
        assertThat(operators().fleet(orders)).isEmpty();
    }

    @Test
    void servicesReadWhatOperatorsWrote() {
        VersionedSettings first = addFirst();
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(first));
        VersionedSettings second = written(first.next(settings("db2"), by("bob")));
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(second));
        assertThat(operators().read(orders)).isEqualTo(new ReadResult.Found(second));
    }

    @Test
    void keepsExoticValues() {
        ConnectionSettings exotic = new ConnectionSettings(
                new Endpoint("::1", 65_535, "o/r d\u00e9 rs"),
                "r\u00f4le \ud83d\ude80",
                SecretRef.parse("x-vault:" + EXOTIC),
                ServerRole.ANY,
                PoolSettings.DEFAULT
                        .withMaximumSize(1000)
                        .withMinimumIdle(0)
                        .withLifetimes(Duration.ZERO, Duration.ZERO, Duration.ZERO)
                        .withDrainGrace(Duration.ZERO),
                Polling.every(Duration.ofHours(1)).shortenedTo(Duration.ofMillis(50)),
                Map.of("sslmode", "", "options", EXOTIC));
        VersionedSettings first = written(VersionedSettings.first(orders, exotic, new Change(EXOTIC, NOW, EXOTIC)));
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(first));
        assertThat(operators().version(orders, 1)).contains(first);
        VersionedSettings second = written(first.next(exotic, new Change("", Instant.EPOCH, "")));
        assertThat(operators().history(orders, 10)).containsExactly(second, first);
    }

    @Test
    void aVersionFurtherUpIsWrittenOnlyOnTheOneItWasMadeFrom() {
        VersionedSettings first = addFirst();
        VersionedSettings lifted = first.lifted(7, by("alice"));
        assertThat(operators().write(lifted)).isEqualTo(new WriteResult.Conflict(new ReadResult.Found(first)));
        assertThat(operators().write(lifted, 1)).isEqualTo(new WriteResult.Written(lifted));
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(lifted));
        assertThat(operators().write(first.lifted(9, by("bob")), 1))
                .isEqualTo(new WriteResult.Conflict(new ReadResult.Found(lifted)));
        VersionedSettings after = written(lifted.next(settings("db2"), by("carol")));
        assertThat(after.version()).isEqualTo(8);
        assertThat(operators().history(orders, 10)).containsExactly(after, lifted, first);
    }

    @Test
    void versionsNeverGoDown() {
        VersionedSettings lifted = addFirst().lifted(7, by("alice"));
        assertThat(operators().write(lifted, 1)).isEqualTo(new WriteResult.Written(lifted));
        for (long lower : new long[] {3, 7}) {
            VersionedSettings down = addable(lower);
            assertThatThrownBy(() -> operators().write(down, 7))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("version " + lower + " can't follow version 7");
        }
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(lifted));
    }

    private VersionedSettings addable(long version) {
        return new VersionedSettings(orders, version, settings("db2"), by("bob"), false, Optional.empty(), Map.of());
    }

    @Test
    void aRemovedDatabaseIsAbsentAndSaysWhichVersionRemovedIt() {
        VersionedSettings removed = written(addFirst().nextRemoved(by("alice")));
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Absent(Optional.of(removed)));
        assertThat(operators().list()).extracting(Listed::database).doesNotContain(orders);
        assertThat(operators().version(orders, 2)).contains(removed);
    }

    @Test
    void aVersionIsNeverUsedAgainAfterRemovalAndReturn() {
        VersionedSettings first = addFirst();
        VersionedSettings removed = written(first.nextRemoved(by("alice")));
        assertThat(operators().write(VersionedSettings.first(orders, settings("db3"), by("carol"))))
                .isEqualTo(new WriteResult.Conflict(new ReadResult.Absent(Optional.of(removed))));
        VersionedSettings back = written(removed.next(settings("db3"), by("carol")));
        assertThat(back.version()).isEqualTo(3);
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(back));
        assertThat(operators().history(orders, 10)).containsExactly(back, removed, first);
    }

    @Test
    void malformedSettingsAreNeitherFoundNorAbsent() {
        Map<String, Object> document = document();
        document.put("version", 7L);
        document.put("username", 5L);
        document.remove("passwordRef");
        putRaw(orders, document);
        for (ReadResult result : List.of(services().read(orders), operators().read(orders))) {
            assertThat(result).isInstanceOfSatisfying(ReadResult.Malformed.class, malformed -> {
                assertThat(malformed.version()).contains(7L);
                assertThat(malformed.problem()).contains("username").contains("passwordRef");
            });
        }
        assertThat(operators().list())
                .filteredOn(listed -> listed.database().equals(orders))
                .singleElement()
                .satisfies(listed -> assertThat(listed.result()).isInstanceOf(ReadResult.Malformed.class));
    }

    @Test
    void malformedSettingsWithANumberCanBeReplacedAndThoseWithoutCanNot() {
        VersionedSettings first = addFirst();
        Map<String, Object> document = document();
        document.remove("endpoint");
        putRaw(orders, document);
        VersionedSettings second = written(first.next(settings("db2"), by("bob")));
        document.remove("version");
        putRaw(orders, document);
        assertThat(operators().write(second.next(settings("db3"), by("bob")))).isInstanceOf(WriteResult.Conflict.class);
        assertThat(operators().write(first)).isInstanceOf(WriteResult.Conflict.class);
    }

    @Test
    void whatNoWriteCanBuildOnIsReplacedIfItStillStands() {
        VersionedSettings first = addFirst();
        for (Object version : List.of(Long.MAX_VALUE, "two", new BigDecimal("0.5"), -7L)) {
            Map<String, Object> document = SettingsCodec.toDocument(first);
            document.put("version", version);
            putRaw(orders, document);
            ReadResult standing = operators().read(orders);
            long next = operators().history(orders, 1).get(0).version() + 1;
            VersionedSettings repaired = first.lifted(next, by("bob"));
            ReadResult other = new ReadResult.Malformed(Optional.empty(), "another");
            assertThat(operators().repair(repaired, other)).isInstanceOf(WriteResult.Conflict.class);
            assertThat(operators().read(orders)).isEqualTo(standing);
            assertThat(operators().repair(repaired, standing)).isEqualTo(new WriteResult.Written(repaired));
            assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(repaired));
            assertThat(operators().history(orders, 1)).containsExactly(repaired);
            assertThat(operators().repair(repaired, new ReadResult.Found(repaired)))
                    .as("a version is never written twice")
                    .isInstanceOf(WriteResult.Conflict.class);
        }
    }

    @Test
    void settingsOfAnotherDatabaseAreMalformed() {
        Map<String, Object> document = document();
        document.put("database", "payments");
        putRaw(orders, document);
        assertThat(services().read(orders))
                .isInstanceOfSatisfying(ReadResult.Malformed.class, malformed -> assertThat(malformed.problem())
                        .contains("payments"));
    }

    @Test
    void aNewerFormatIsRefusedWithTheRemedy() {
        Map<String, Object> document = document();
        document.put("format", 2L);
        putRaw(orders, document);
        assertThat(services().read(orders))
                .isInstanceOfSatisfying(ReadResult.Malformed.class, malformed -> assertThat(malformed.problem())
                        .contains("format 2")
                        .contains("update"));
    }

    @Test
    void aLiteralPasswordIsRefusedAndNotRepeated() {
        Map<String, Object> named = document();
        named.put("Password", "hunter2");
        Map<String, Object> reference = document();
        reference.put("passwordRef", "hunter2");
        Map<String, Object> number = document();
        number.put("passwordRef", 70_707L);
        Map<String, Object> nested = document();
        nested.put("pool", Map.of("password", "hunter2"));
        Map<String, Object> property = document();
        property.put("properties", Map.of("password", "hunter2"));
        for (Map<String, Object> document : List.of(named, reference, number, nested, property)) {
            putRaw(orders, document);
            assertThat(services().read(orders))
                    .isInstanceOfSatisfying(ReadResult.Malformed.class, malformed -> assertThat(malformed.problem())
                            .containsIgnoringCase("password")
                            .doesNotContain("hunter2")
                            .doesNotContain("70707"));
        }
    }

    @Test
    void unknownAttributesSurviveAReadAndAWrite() {
        Map<String, Object> document = document();
        document.put("futureText", EXOTIC);
        document.put("futureNumber", new BigDecimal("0.125"));
        document.put("futureFlag", false);
        document.put("futureList", List.of("a", 1L, Map.of("b", List.of())));
        document.put("futureMap", Map.of("c", Map.of("d", "e")));
        @SuppressWarnings("unchecked")
        Map<String, Object> pool = (Map<String, Object>) Objects.requireNonNull(document.get("pool"));
        pool.put("futureTimeoutMillis", 5L);
        putRaw(orders, document);
        ReadResult.Found found = (ReadResult.Found) services().read(orders);
        VersionedSettings second = written(found.settings().next(settings("db2"), by("bob")));
        assertThat(SettingsCodec.toDocument(second))
                .containsEntry("futureText", EXOTIC)
                .containsEntry("futureNumber", new BigDecimal("0.125"))
                .containsEntry("futureFlag", false)
                .containsEntry("futureList", List.of("a", 1L, Map.of("b", List.of())))
                .containsEntry("futureMap", Map.of("c", Map.of("d", "e")));
        assertThat(SettingsCodec.toDocument(second).get("pool"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsEntry("futureTimeoutMillis", 5L)
                .containsEntry("maximumSize", 10L);
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(second));
        assertThat(operators().version(orders, 2)).contains(second);
    }

    @Test
    void aSecondFirstWriteIsAConflictAndChangesNothing() {
        VersionedSettings first = addFirst();
        assertThat(operators().write(VersionedSettings.first(orders, settings("other"), by("bob"))))
                .isEqualTo(new WriteResult.Conflict(new ReadResult.Found(first)));
        assertThat(operators().history(orders, 10)).containsExactly(first);
    }

    @Test
    void aStaleWriteIsAConflictAndChangesNothing() {
        VersionedSettings first = addFirst();
        VersionedSettings second = written(first.next(settings("db2"), by("bob")));
        assertThat(operators().write(first.next(settings("late"), by("carol"))))
                .isEqualTo(new WriteResult.Conflict(new ReadResult.Found(second)));
        assertThat(operators().write(second.next(settings("x"), by("x")).next(settings("early"), by("carol"))))
                .isEqualTo(new WriteResult.Conflict(new ReadResult.Found(second)));
        assertThat(operators().history(orders, 10)).containsExactly(second, first);
    }

    @Test
    void aLaterVersionOfNothingIsAConflict() {
        VersionedSettings second =
                VersionedSettings.first(orders, settings("db1"), by("alice")).next(settings("db2"), by("alice"));
        assertThat(operators().write(second))
                .isEqualTo(new WriteResult.Conflict(new ReadResult.Absent(Optional.empty())));
        assertThat(operators().history(orders, 10)).isEmpty();
    }

    @Test
    void ofManyWritersAtOnceExactlyOneWinsEachVersion() throws Exception {
        int writers = 8;
        int rounds = 25;
        ExecutorService threads = Executors.newFixedThreadPool(writers);
        CyclicBarrier together = new CyclicBarrier(writers);
        VersionedSettings current = addFirst();
        List<String> winners = new ArrayList<>(List.of("alice"));
        try {
            for (int round = 0; round < rounds; round++) {
                VersionedSettings base = current;
                List<Future<WriteResult>> results = new ArrayList<>();
                for (int writer = 0; writer < writers; writer++) {
                    String name = "writer-" + writer;
                    Callable<WriteResult> write = () -> {
                        together.await(30, TimeUnit.SECONDS);
                        return operators().write(base.next(settings(name), by(name)));
                    };
                    results.add(threads.submit(write));
                }
                List<VersionedSettings> won = new ArrayList<>();
                for (Future<WriteResult> result : results) {
                    if (result.get(60, TimeUnit.SECONDS) instanceof WriteResult.Written written) {
                        won.add(written.settings());
                    }
                }
                assertThat(won).as("winners of version %d", base.version() + 1).hasSize(1);
                current = won.get(0);
                winners.add(0, current.change().by());
                assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(current));
            }
        } finally {
            threads.shutdownNow();
        }
        List<VersionedSettings> history = operators().history(orders, 1000);
        assertThat(history)
                .extracting(VersionedSettings::version)
                .containsExactlyElementsOf(LongStream.rangeClosed(1, rounds + 1L)
                        .mapToObj(n -> rounds + 2 - n)
                        .toList());
        assertThat(history).extracting(version -> version.change().by()).containsExactlyElementsOf(winners);
    }

    @Test
    void historyIsNewestFirstAndLimited() {
        VersionedSettings newest = addFirst();
        for (int i = 2; i <= 12; i++) {
            newest = written(newest.next(settings("db" + i), by("alice")));
        }
        assertThat(operators().history(orders, 100))
                .extracting(VersionedSettings::version)
                .containsExactly(12L, 11L, 10L, 9L, 8L, 7L, 6L, 5L, 4L, 3L, 2L, 1L);
        assertThat(operators().history(orders, 3))
                .extracting(VersionedSettings::version)
                .containsExactly(12L, 11L, 10L);
        assertThat(operators().history(orders, 0)).isEmpty();
        assertThat(operators().version(orders, 12)).contains(newest);
        assertThat(operators().version(orders, 13)).isEmpty();
    }

    @Test
    void listsDatabasesByName() {
        DatabaseName zebra = new DatabaseName("zebra-" + orders);
        DatabaseName ant = new DatabaseName("ant-" + orders);
        for (DatabaseName name : List.of(zebra, orders, ant)) {
            written(VersionedSettings.first(name, settings("db1"), by("alice")));
        }
        assertThat(operators().list())
                .filteredOn(listed -> listed.database().value().endsWith(orders.value()))
                .extracting(Listed::database)
                .containsExactly(ant, orders, zebra);
        assertThat(operators().list())
                .filteredOn(listed -> listed.database().equals(orders))
                .extracting(Listed::result)
                .containsExactly(operators().read(orders));
    }

    /** A report with nothing special about it. */
    protected final InstanceReport report(String service, String instance, InstanceState state, long sequence) {
        return InstanceReport.builder(orders, service, instance)
                .state(state)
                .version(3)
                .acknowledgedVersion(4)
                .endpoint("db1:5432/orders")
                .pollInterval(Duration.ofSeconds(30))
                .heartbeat(Duration.ofSeconds(10))
                .sequence(sequence)
                .since(NOW)
                .reportedAt(NOW.plusSeconds(sequence))
                .pool(new PoolFigures(1, 2, 3, 10))
                .cutConnections(5)
                .lastError(Optional.of(EXOTIC))
                .clientVersion("0.1.0")
                .build();
    }

    @Test
    void aReportReplacesTheInstancesEarlierOne() {
        InstanceReport first = report("checkout", "i-1", InstanceState.STARTING, 1).toBuilder()
                .incarnation(Optional.of("3f9a1b2c"))
                .build();
        assertThat(services().report(first)).isEmpty();
        InstanceReport last = report("checkout", "i-1", InstanceState.STOPPED, 2);
        assertThat(services().report(last)).map(InstanceReport::incarnation).hasValue(first.incarnation());
        assertThat(operators().fleet(orders)).containsExactly(last);
    }

    @Test
    void theFleetIsSortedByServiceThenInstance() {
        for (String[] name : new String[][] {
            {"checkout", "i-2"},
            {"checkout-2", "i-1"},
            {"checkout", "i-10"},
            {"billing", "z"},
            {"a#b", "c"},
            {"a", "b#c"}
        }) {
            services().report(report(name[0], name[1], InstanceState.ACTIVE, 1));
        }
        assertThat(operators().fleet(orders))
                .extracting(InstanceReport::name)
                .containsExactly("a/b#c", "a#b/c", "billing/z", "checkout/i-10", "checkout/i-2", "checkout-2/i-1");
    }

    @Test
    void aFleetOfMoreThanAMegabyteIsComplete() {
        String longError = "x".repeat(60_000);
        for (int i = 0; i < 24; i++) {
            InstanceReport report = report("checkout", "i-" + i, InstanceState.REJECTED, 1);
            services().report(withError(report, longError));
        }
        assertThat(operators().fleet(orders)).hasSize(24).allSatisfy(report -> assertThat(report.lastError())
                .contains(longError));
    }

    private static InstanceReport withError(InstanceReport report, String error) {
        return report.toBuilder().lastError(Optional.of(error)).build();
    }

    @Test
    void reportsDoNotTouchSettings() {
        VersionedSettings first = addFirst();
        services().report(report("checkout", "i-1", InstanceState.ACTIVE, 1));
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(first));
        assertThat(operators().history(orders, 10)).containsExactly(first);
    }

    @Test
    void hasEveryRightAndSaysSo() {
        assertThat(operators().checkAccess()).isNotEmpty().allSatisfy(check -> {
            assertThat(check.ok()).as(check.toString()).isTrue();
            assertThat(check.what()).isNotBlank();
        });
        assertThat(operators().describe()).isNotBlank();
        assertThat(services().describe()).isNotBlank();
    }

    @Test
    void creatingTheTableAgainChangesNothing() {
        VersionedSettings first = addFirst();
        assertThat(operators().createTable()).isFalse();
        assertThat(services().read(orders)).isEqualTo(new ReadResult.Found(first));
    }
}
