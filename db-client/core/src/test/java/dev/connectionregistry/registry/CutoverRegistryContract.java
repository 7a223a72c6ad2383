package dev.connectionregistry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What every registry must do for cutovers. Each test works on a database of its own. */
public abstract class CutoverRegistryContract {
    private static final AtomicInteger DATABASES = new AtomicInteger();
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00.123456789Z");

    private final DatabaseName orders =
            new DatabaseName("orders-" + Long.toString(System.nanoTime(), 36) + "-" + DATABASES.incrementAndGet());
    private final VersionedSettings first = VersionedSettings.first(orders, settings("db1"), by("alice"));

    /** The registry under test as cutovers see it. */
    protected abstract CutoverRegistry cutovers();

    /** The same registry as operators see it. */
    protected abstract RegistryAdministration operators();

    private static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    private static Change by(String who) {
        return new Change(who, NOW, "because");
    }

    private static Transition transition(Phase phase) {
        return new Transition("c-1", phase, settings("db2"), Duration.ofSeconds(5));
    }

    private CutoverLock lock(long epoch, String token) {
        return new CutoverLock(orders, epoch, "c-1", true, token, "alice@laptop", NOW);
    }

    private CutoverLock taken(long epoch) {
        CutoverLock lock = lock(epoch, "token-" + epoch);
        assertThat(cutovers().writeLock(lock)).isTrue();
        return lock;
    }

    private void released(CutoverLock held) {
        assertThat(cutovers()
                        .writeLock(
                                new CutoverLock(orders, held.epoch() + 1, held.runId(), false, "gone", "alice", NOW)))
                .isTrue();
    }

    private void added() {
        assertThat(operators().write(first)).isEqualTo(new WriteResult.Written(first));
    }

    private void assertOnlyTheFirstVersionIsThere() {
        assertThat(operators().read(orders)).isEqualTo(new ReadResult.Found(first));
        assertThat(operators().history(orders, 10)).containsExactly(first);
    }

    @Test
    void aLockThatWasNeverTakenIsAbsent() {
        assertThat(cutovers().lock(orders)).isEmpty();
    }

    @Test
    void theLockComesBackAsItWasWritten() {
        CutoverLock lock = new CutoverLock(orders, 1, "c-1", true, "t-1", RegistryContract.EXOTIC, NOW);
        assertThat(cutovers().writeLock(lock)).isTrue();
        assertThat(cutovers().lock(orders)).contains(lock);
        CutoverLock next = new CutoverLock(orders, 2, "c-2", false, "t-2", "bob", Instant.EPOCH);
        assertThat(cutovers().writeLock(next)).isTrue();
        assertThat(cutovers().lock(orders)).contains(next);
    }

    @Test
    void onlyTheNextEpochCanBeWritten() {
        assertThat(cutovers().writeLock(lock(2, "early"))).isFalse();
        assertThat(cutovers().lock(orders)).isEmpty();
        CutoverLock held = taken(1);
        assertThat(cutovers().writeLock(lock(1, "again"))).isFalse();
        assertThat(cutovers().writeLock(lock(3, "early"))).isFalse();
        assertThat(cutovers().lock(orders)).contains(held);
    }

    @Test
    void ofManyTakersAtOnceExactlyOneGetsEachEpoch() throws Exception {
        int takers = 8;
        ExecutorService threads = Executors.newFixedThreadPool(takers);
        CyclicBarrier together = new CyclicBarrier(takers);
        try {
            for (long epoch = 1; epoch <= 10; epoch++) {
                List<Future<Optional<CutoverLock>>> results = new ArrayList<>();
                for (int taker = 0; taker < takers; taker++) {
                    CutoverLock mine = lock(epoch, "token-" + epoch + "-" + taker);
                    Callable<Optional<CutoverLock>> take = () -> {
                        together.await(30, TimeUnit.SECONDS);
                        return cutovers().writeLock(mine) ? Optional.of(mine) : Optional.empty();
                    };
                    results.add(threads.submit(take));
                }
                List<CutoverLock> winners = new ArrayList<>();
                for (Future<Optional<CutoverLock>> result : results) {
                    result.get(60, TimeUnit.SECONDS).ifPresent(winners::add);
                }
                assertThat(winners).as("who got epoch %d", epoch).hasSize(1);
                assertThat(cutovers().lock(orders)).contains(winners.get(0));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void thePhasesOfACutoverAreVersionsWithAHistory() {
        added();
        CutoverLock held = taken(1);
        VersionedSettings prepare = first.nextIn(transition(Phase.PREPARE), by("alice"));
        VersionedSettings hold = prepare.nextIn(transition(Phase.HOLD), by("alice"));
        VersionedSettings steady = hold.next(settings("db2"), by("alice"));
        for (VersionedSettings version : List.of(prepare, hold, steady)) {
            assertThat(cutovers().write(version, held)).isEqualTo(new WriteResult.Written(version));
            assertThat(operators().read(orders)).isEqualTo(new ReadResult.Found(version));
        }
        assertThat(operators().history(orders, 10)).containsExactly(steady, hold, prepare, first);
    }

    @Test
    void theNextEpochExcludesWhatTheEarlierHolderWrites() {
        added();
        CutoverLock earlier = taken(1);
        CutoverLock later = taken(2);
        assertThat(cutovers().write(first.nextIn(transition(Phase.HOLD), by("alice")), earlier))
                .isEqualTo(new WriteResult.LockLost(Optional.of(later)));
        assertThat(cutovers().writeJournal(earlier, Map.of("step", "hold"))).isFalse();
        assertOnlyTheFirstVersionIsThere();
        assertThat(cutovers().journal(orders, "c-1")).isEmpty();
    }

    @Test
    void aReleasedLockRefusesWritesAlsoThoseOfItsOwnEpoch() {
        added();
        CutoverLock held = taken(1);
        released(held);
        CutoverLock standing = cutovers().lock(orders).orElseThrow();
        VersionedSettings next = first.next(settings("db2"), by("alice"));
        for (CutoverLock lock : List.of(held, standing)) {
            assertThat(cutovers().write(next, lock)).isEqualTo(new WriteResult.LockLost(Optional.of(standing)));
            assertThat(cutovers().writeJournal(lock, Map.of())).isFalse();
        }
        assertOnlyTheFirstVersionIsThere();
    }

    @Test
    void aLockOfTheSameEpochWithAnotherTokenIsNotThisOne() {
        added();
        CutoverLock standing = taken(1);
        CutoverLock forged = lock(1, "forged");
        assertThat(cutovers().write(first.next(settings("db2"), by("alice")), forged))
                .isEqualTo(new WriteResult.LockLost(Optional.of(standing)));
        assertThat(cutovers().writeJournal(forged, Map.of())).isFalse();
        assertOnlyTheFirstVersionIsThere();
    }

    @Test
    void aLockThatWasNeverTakenRefusesWrites() {
        added();
        CutoverLock imagined = lock(1, "imagined");
        assertThat(cutovers().write(first.next(settings("db2"), by("alice")), imagined))
                .isEqualTo(new WriteResult.LockLost(Optional.empty()));
        assertThat(cutovers().writeJournal(imagined, Map.of())).isFalse();
        assertOnlyTheFirstVersionIsThere();
    }

    @Test
    void aStaleVersionUnderTheLockIsAConflictAndChangesNothing() {
        added();
        CutoverLock held = taken(1);
        assertThat(cutovers().write(VersionedSettings.first(orders, settings("late"), by("bob")), held))
                .isEqualTo(new WriteResult.Conflict(new ReadResult.Found(first)));
        VersionedSettings early = first.next(settings("x"), by("x")).next(settings("early"), by("bob"));
        assertThat(cutovers().write(early, held)).isEqualTo(new WriteResult.Conflict(new ReadResult.Found(first)));
        assertOnlyTheFirstVersionIsThere();
    }

    @Test
    void aStaleVersionUnderALostLockSaysThatTheLockIsLost() {
        added();
        CutoverLock earlier = taken(1);
        CutoverLock later = taken(2);
        assertThat(cutovers().write(VersionedSettings.first(orders, settings("late"), by("bob")), earlier))
                .isEqualTo(new WriteResult.LockLost(Optional.of(later)));
        assertOnlyTheFirstVersionIsThere();
    }

    @Test
    void whatIsReadAfterTakingOverIsFinalWhateverTheEarlierHolderHasOnItsWay() throws Exception {
        added();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CyclicBarrier together = new CyclicBarrier(2);
        VersionedSettings before = first;
        try {
            for (long epoch = 1; epoch <= 25; epoch++) {
                CutoverLock earlier = epoch == 1 ? taken(1) : lock(epoch, "token-" + epoch);
                VersionedSettings next = before.next(settings("db" + epoch), by("earlier"));
                Future<WriteResult> late = threads.submit(() -> {
                    together.await(30, TimeUnit.SECONDS);
                    return cutovers().write(next, earlier);
                });
                together.await(30, TimeUnit.SECONDS);
                taken(epoch + 1);
                ReadResult seen = operators().read(orders);
                WriteResult result = late.get(60, TimeUnit.SECONDS);
                assertThat(operators().read(orders)).isEqualTo(seen);
                before = result instanceof WriteResult.Written ? next : before;
                assertThat(seen).as("after %s", result).isEqualTo(new ReadResult.Found(before));
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void aJournalComesBackAsItWasWritten() {
        CutoverLock held = taken(1);
        Map<String, Object> document = new HashMap<>();
        document.put("startedAt", "2026-11-01T12:00:00Z");
        document.put("note", RegistryContract.EXOTIC);
        document.put("empty", "");
        document.put("budgetMillis", 5000L);
        document.put("reverse", false);
        document.put("steps", List.of(Map.of("name", "fence", "millis", 12L, "roles", List.of("app", "batch")), 7L));
        document.put("none", Map.of());
        assertThat(cutovers().writeJournal(held, document)).isTrue();
        assertThat(cutovers().journal(orders, "c-1")).contains(document);
        assertThat(cutovers().journal(orders, "c-2")).isEmpty();
        assertThat(cutovers().writeJournal(held, Map.of("outcome", "switched"))).isTrue();
        assertThat(cutovers().journal(orders, "c-1")).contains(Map.of("outcome", "switched"));
    }

    @Test
    void aJournalHasWholeNumbersOfOneKindAndNothingInCommonWithTheWriters() {
        CutoverLock held = taken(1);
        List<Object> steps = new ArrayList<>(List.of("fence"));
        assertThat(cutovers().writeJournal(held, Map.of("count", 3, "steps", steps)))
                .isTrue();
        steps.add("switch");
        assertThat(cutovers().journal(orders, "c-1")).contains(Map.of("count", 3L, "steps", List.of("fence")));
    }

    @Test
    void aJournalOf300KilobytesIsKept() {
        Map<String, Object> document = Map.of("roles", List.of("x".repeat(150_000), "y".repeat(150_000)));
        assertThat(cutovers().writeJournal(taken(1), document)).isTrue();
        assertThat(cutovers().journal(orders, "c-1")).contains(document);
    }

    @Test
    void aValueThatNoJournalCanHaveIsRefused() {
        CutoverLock held = taken(1);
        assertThatThrownBy(() -> cutovers().writeJournal(held, Map.of("at", NOW)))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(RegistryException.Kind.INVALID))
                .hasMessageContaining("Instant");
        assertThat(cutovers().journal(orders, "c-1")).isEmpty();
    }

    @Test
    void journalsAreThoseOfTheDatabaseTheLatestFirstAndLimited() {
        List<String> starts = List.of(
                "2026-11-01T12:00:00.500Z",
                "2026-11-01T12:00:00Z",
                "2026-11-01T12:00:01Z",
                "not a time",
                "2026-10-31T23:59:59.999999999Z");
        for (int run = 0; run < starts.size(); run++) {
            CutoverLock held = new CutoverLock(orders, run + 1L, "c-" + run, true, "t-" + run, "alice", Instant.EPOCH);
            assertThat(cutovers().writeLock(held)).isTrue();
            assertThat(cutovers().writeJournal(held, Map.of("run", "c-" + run, "startedAt", starts.get(run))))
                    .isTrue();
        }
        assertThat(cutovers().journals(orders, 10))
                .extracting(journal -> journal.get("run"))
                .containsExactly("c-2", "c-0", "c-1", "c-4", "c-3");
        assertThat(cutovers().journals(orders, 2))
                .extracting(journal -> journal.get("run"))
                .containsExactly("c-2", "c-0");
        assertThat(cutovers().journals(orders, 0)).isEmpty();
        assertThat(cutovers().journals(new DatabaseName(orders + "-2"), 10)).isEmpty();
    }

    @Test
    void journalsOfMoreThanAMegabyteAreComplete() {
        String note = "x".repeat(250_000);
        for (int run = 1; run <= 5; run++) {
            CutoverLock held = new CutoverLock(orders, run, "c-" + run, true, "t-" + run, "alice", NOW);
            assertThat(cutovers().writeLock(held)).isTrue();
            assertThat(cutovers().writeJournal(held, Map.of("note", note, "startedAt", NOW.plusSeconds(run) + "")))
                    .isTrue();
        }
        assertThat(cutovers().journals(orders, 10)).hasSize(5);
    }

    @Test
    void lockAndJournalAreNoDatabases() {
        taken(1);
        assertThat(operators().list())
                .extracting(RegistryAdministration.Listed::database)
                .doesNotContain(orders);
        assertThat(operators().read(orders)).isEqualTo(new ReadResult.Absent(Optional.empty()));
    }

    private DatabaseName other(int number) {
        return new DatabaseName(orders + "-" + number);
    }

    /** The locks of one run that moves orders and {@code others} more. */
    private List<CutoverLock> groupLocks(int others, long epoch) {
        List<CutoverLock> locks = new ArrayList<>(List.of(lock(epoch, "token-" + epoch)));
        for (int number = 1; number <= others; number++) {
            locks.add(new CutoverLock(
                    other(number), epoch, "c-1", true, "token-" + epoch + "-" + number, "alice@laptop", NOW, orders));
        }
        return locks;
    }

    private List<VersionedSettings> addedGroup(int others) {
        List<VersionedSettings> all = new ArrayList<>(List.of(first));
        for (int number = 1; number <= others; number++) {
            all.add(VersionedSettings.first(other(number), settings("db1"), by("alice")));
        }
        all.forEach(each -> assertThat(operators().write(each)).isEqualTo(new WriteResult.Written(each)));
        return all;
    }

    private static List<VersionedSettings> held(List<VersionedSettings> all) {
        return all.stream()
                .map(each -> each.nextIn(transition(Phase.HOLD), by("alice")))
                .toList();
    }

    private void assertStand(List<VersionedSettings> all) {
        all.forEach(each -> assertThat(operators().read(each.database())).isEqualTo(new ReadResult.Found(each)));
    }

    @Test
    void theLocksOfARunAreWrittenTogetherAndSayWhereItsJournalIs() {
        List<CutoverLock> locks = groupLocks(2, 1);
        assertThat(cutovers().writeLocks(locks)).isTrue();
        locks.forEach(each -> assertThat(cutovers().lock(each.database())).contains(each));
    }

    @Test
    void noLockIsWrittenWhileOneOfThemIsAtAnotherEpoch() {
        List<CutoverLock> locks = groupLocks(2, 1);
        CutoverLock theirs = new CutoverLock(other(2), 1, "c-2", true, "theirs", "bob", NOW);
        assertThat(cutovers().writeLock(theirs)).isTrue();
        assertThat(cutovers().writeLocks(locks)).isFalse();
        assertThat(cutovers().lock(orders)).isEmpty();
        assertThat(cutovers().lock(other(1))).isEmpty();
        assertThat(cutovers().lock(other(2))).contains(theirs);
        assertThat(cutovers().journals(other(1), 10)).isEmpty();
    }

    @Test
    void theSettingsOfARunAreWrittenTogether() {
        List<VersionedSettings> all = addedGroup(2);
        List<CutoverLock> locks = groupLocks(2, 1);
        assertThat(cutovers().writeLocks(locks)).isTrue();
        List<VersionedSettings> next = held(all);
        assertThat(cutovers().writeAll(next, locks)).isEmpty();
        assertStand(next);
        next.forEach(each -> assertThat(operators().history(each.database(), 1)).containsExactly(each));
    }

    @Test
    void someOfTheSettingsCanBeWrittenUnderAllLocks() {
        List<VersionedSettings> all = addedGroup(2);
        List<CutoverLock> locks = groupLocks(2, 1);
        assertThat(cutovers().writeLocks(locks)).isTrue();
        List<VersionedSettings> next = held(all.subList(1, 2));
        assertThat(cutovers().writeAll(next, locks)).isEmpty();
        assertStand(List.of(all.get(0), next.get(0), all.get(2)));
    }

    @Test
    void noSettingsAreWrittenWhileOneVersionIsStale() {
        List<VersionedSettings> all = addedGroup(2);
        List<CutoverLock> locks = groupLocks(2, 1);
        assertThat(cutovers().writeLocks(locks)).isTrue();
        VersionedSettings foreign = all.get(1).next(settings("db9"), by("bob"));
        assertThat(operators().write(foreign)).isEqualTo(new WriteResult.Written(foreign));
        assertThat(cutovers().writeAll(held(all), locks))
                .contains(new CutoverRegistry.NotWritten(
                        other(1), new WriteResult.Conflict(new ReadResult.Found(foreign))));
        assertStand(List.of(all.get(0), foreign, all.get(2)));
        assertThat(operators().history(orders, 10)).containsExactly(first);
    }

    @Test
    void noSettingsAreWrittenWhileOneLockIsLost() {
        List<VersionedSettings> all = addedGroup(2);
        List<CutoverLock> locks = groupLocks(2, 1);
        assertThat(cutovers().writeLocks(locks)).isTrue();
        CutoverLock theirs = new CutoverLock(other(2), 2, "c-1", true, "theirs", "bob", NOW, orders);
        assertThat(cutovers().writeLock(theirs)).isTrue();
        assertThat(cutovers().writeAll(held(all), locks))
                .contains(new CutoverRegistry.NotWritten(other(2), new WriteResult.LockLost(Optional.of(theirs))));
        assertStand(all);
    }

    @Test
    void takingAllLocksOverExcludesWhatTheEarlierHolderWrites() {
        List<VersionedSettings> all = addedGroup(1);
        List<CutoverLock> earlier = groupLocks(1, 1);
        List<CutoverLock> later = groupLocks(1, 2);
        assertThat(cutovers().writeLocks(earlier)).isTrue();
        assertThat(cutovers().writeLocks(later)).isTrue();
        assertThat(cutovers().writeAll(held(all), earlier))
                .contains(new CutoverRegistry.NotWritten(orders, new WriteResult.LockLost(Optional.of(later.get(0)))));
        assertStand(all);
    }

    @Test
    void aJournalIsFoundUnderEachNameOfItsRun() {
        List<CutoverLock> locks = groupLocks(1, 1);
        assertThat(cutovers().writeLocks(locks)).isTrue();
        assertThat(cutovers().journal(other(1), "c-1")).isEmpty();
        Map<String, Object> journal = Map.of("id", "c-1", "startedAt", NOW.toString());
        assertThat(cutovers().writeJournal(locks.get(0), journal)).isTrue();
        for (DatabaseName name : List.of(orders, other(1))) {
            assertThat(cutovers().journal(name, "c-1")).contains(journal);
            assertThat(cutovers().journals(name, 10)).containsExactly(journal);
        }
    }

    @Test
    void aRunOf33NamesFitsIntoATransaction() {
        int others = CutoverRegistry.MOST_DATABASES - 1;
        List<VersionedSettings> all = addedGroup(others);
        List<CutoverLock> locks = groupLocks(others, 1);
        assertThat(cutovers().writeLocks(locks)).isTrue();
        assertThat(cutovers().writeAll(held(all), locks)).isEmpty();
        assertStand(held(all));
    }

    @Test
    void moreNamesThanATransactionHasRoomForAreRefusedWithTheNumber() {
        List<CutoverLock> locks = groupLocks(CutoverRegistry.MOST_DATABASES, 1);
        List<Callable<Object>> writes = List.of(() -> cutovers().writeLocks(locks), () -> cutovers()
                .writeAll(List.of(first.next(settings("db2"), by("alice"))), locks));
        for (Callable<Object> write : writes) {
            assertThatThrownBy(write::call)
                    .isInstanceOfSatisfying(RegistryException.class, e -> assertThat(e.kind())
                            .isEqualTo(RegistryException.Kind.INVALID))
                    .hasMessageContaining("34 names")
                    .hasMessageContaining("33");
        }
        assertThat(cutovers().lock(orders)).isEmpty();
    }
}
