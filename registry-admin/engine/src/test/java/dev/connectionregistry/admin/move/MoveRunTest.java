package dev.connectionregistry.admin.move;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectionregistry.admin.FakeInstance;
import dev.connectionregistry.admin.ManualTiming;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.admin.settings.SettingsReader;
import dev.connectionregistry.admin.settings.SettingsWriter;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MoveRunTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final Endpoint OLD = Endpoint.parse("db1:5432/orders");
    private static final Endpoint NEW = Endpoint.parse("db2:5432/orders");
    private static final Duration SECOND = Duration.ofSeconds(1);

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final ManualTiming timing = new ManualTiming();
    private final List<FakeInstance> instances = new ArrayList<>();
    private final List<String> talk = new ArrayList<>();
    private RegistryAdministration administration = registry;
    private int lockReads;
    private final CutoverRegistry cutovers = (CutoverRegistry) Proxy.newProxyInstance(
            MoveRunTest.class.getClassLoader(), new Class<?>[] {CutoverRegistry.class}, (proxy, method, args) -> {
                lockReads += method.getName().equals("lock") ? 1 : 0;
                return method.invoke(registry, args);
            });

    @BeforeEach
    void threeInstancesOnTheSource() {
        registry.put("orders", ConnectionSettings.of(OLD, "app", SecretRef.parse("env:PW")));
        timing.eachPause(() -> instances.forEach(FakeInstance::tick));
        for (String name : List.of("a", "b", "c")) {
            instances.add(new FakeInstance(registry, timing, "orders", name).tick());
        }
    }

    @Test
    void shortensTheIntervalMovesEveryoneAndPutsItBack() {
        MoveResult result = move(Optional.of(SECOND), Optional.empty());

        assertThat(current().version()).isEqualTo(4);
        assertThat(current().settings().endpoint()).isEqualTo(NEW);
        assertThat(current().settings().polling()).isEqualTo(Polling.DEFAULT);
        assertThat(current().change().reason()).isEqualTo("test (poll interval back to normal)");
        assertThat(registry.history(ORDERS, 9))
                .extracting(version ->
                        version.settings().endpoint() + " " + version.settings().polling())
                .containsExactly(
                        "db2:5432/orders 30s",
                        "db2:5432/orders 1s (normally 30s)",
                        "db1:5432/orders 1s (normally 30s)",
                        "db1:5432/orders 30s");
        assertThat(result.fleet().orElseThrow().arrived()).hasSize(3);
        assertThat(result.total().orElseThrow()).isBetween(Duration.ofMillis(1), Duration.ofMillis(1400));
        assertThat(result.warnings()).isEmpty();
        assertThat(registry.fleet(ORDERS))
                .as("nobody is behind afterwards")
                .allMatch(report -> report.acknowledgedVersion() == 4);
    }

    @Test
    void refusesToWaitForInstancesThatHaveSeenNewerVersionsThanTheTableHas() {
        instances.get(1).sawVersion(8);

        OperationException failure = failure(Optional.of(SECOND), Optional.empty());

        assertThat(failure.reason()).isEqualTo(Reason.FAILED);
        assertThat(failure)
                .hasMessageContaining("checkout/b has seen version 8, but the table is at version 1")
                .hasMessageContaining("nothing was written")
                .hasMessageNotContaining("checkout/a");
        assertThat(failure.next()).contains("restart those instances");
        assertThat(current().version()).isEqualTo(1);
    }

    @Test
    void onlyWarnsOfThemWithoutAWait() {
        instances.get(1).sawVersion(8);

        MoveResult result = moving(plain(false)).run(settings -> settings.withEndpoint(NEW));

        assertThat(result.warnings()).singleElement().asString().contains("checkout/b has seen version 8");
        assertThat(current().settings().endpoint()).isEqualTo(NEW);
    }

    @Test
    void aPlainEditReadsTheLockOnce() {
        moving(plain(false)).run(settings -> settings.withEndpoint(NEW));
        assertThat(lockReads).isEqualTo(1);
        assertThat(current().settings().endpoint()).isEqualTo(NEW);
    }

    @Test
    void aDryRunReadsTheLockOnceToo() {
        moving(plain(true)).run(settings -> settings.withEndpoint(NEW));
        assertThat(lockReads).isEqualTo(1);
        assertThat(current().settings().endpoint()).isEqualTo(OLD);
    }

    @Test
    void asksForTheLockAgainAfterTheFleetHasTakenTheInterval() {
        timing.at(
                Duration.ofSeconds(5),
                () -> registry.writeLock(new CutoverLock(ORDERS, 1, "c-1", true, "t", "carol", Instant.EPOCH)));
        OperationException failure = failure(Optional.of(SECOND), Optional.empty());
        assertThat(failure.reason()).isEqualTo(Reason.CUTOVER_UNDER_WAY);
        assertThat(failure).hasMessageContaining("cutover c-1 has the lock of 'orders', taken by carol");
        assertThat(current().settings().endpoint()).isEqualTo(OLD);
    }

    @Test
    void aRemovalAsksForTheLockAgainAfterTheOperatorHasConfirmed() {
        ChangeSettings changes = tools().changes();
        ChangeRequest request = new ChangeRequest(ORDERS, Optional.empty(), "test", false);
        VersionedSettings confirmed = changes.current(request);
        registry.writeLock(new CutoverLock(ORDERS, 1, "c-1", true, "t", "carol", Instant.EPOCH));
        OperationException failure =
                catchThrowableOfType(OperationException.class, () -> changes.remove(request, confirmed));
        assertThat(failure.reason()).isEqualTo(Reason.CUTOVER_UNDER_WAY);
        assertThat(current().version()).isEqualTo(1);
    }

    @Test
    void takesNobodyForAheadBecauseSomebodyElseWrote() {
        timing.at(
                Duration.ofSeconds(33),
                () -> registry.put("orders", current().settings().withPolling(Polling.every(SECOND))));

        assertThat(move(Optional.of(SECOND), Optional.empty())
                        .fleet()
                        .orElseThrow()
                        .ahead())
                .isEmpty();
    }

    @Test
    void writesNothingAtAllIfItIsSoAlready() {
        registry.put("orders", current().settings().withEndpoint(NEW));
        timing.pause(Duration.ofSeconds(30));
        long before = timing.nanoTime();

        MoveResult result = move(Optional.of(SECOND), Optional.empty());

        assertThat(result.change().written()).isFalse();
        assertThat(result.total()).isEmpty();
        assertThat(result.change().after().version())
                .as("what the result says is so already")
                .isEqualTo(2);
        assertThat(current().version()).isEqualTo(2);
        assertThat(timing.nanoTime()).as("nobody is waited for").isEqualTo(before);
    }

    @Test
    void leavesAnIntervalAloneThatIsShortEnough() {
        registry.put("orders", current().settings().withPolling(Polling.every(SECOND)));

        move(Optional.of(SECOND), Optional.empty());

        assertThat(current().version()).isEqualTo(3);
        assertThat(current().settings().polling()).isEqualTo(Polling.every(SECOND));
    }

    @Test
    void movesNothingIfTheShortIntervalIsNotTakenAndPutsItBack() {
        instances.get(1).freeze();

        OperationException failure = failure(Optional.of(SECOND), Optional.of(Duration.ofSeconds(40)));

        assertThat(failure.reason()).isEqualTo(Reason.NOT_CONVERGED);
        assertThat(failure)
                .hasMessageContaining("nothing was moved")
                .hasMessageContaining("checkout/b: ACTIVE on version 1, has read 1")
                .hasMessageContaining("poll interval is 30s again (version 3)");
        assertThat(current().settings().endpoint()).isEqualTo(OLD);
        assertThat(current().settings().polling()).isEqualTo(Polling.DEFAULT);
    }

    @Test
    void waitsForAnInstanceThatDiedOnlyUntilItCountsAsSilent() {
        instances.get(1).freeze();

        MoveResult result = move(Optional.of(SECOND), Optional.empty());

        assertThat(result.warnings()).singleElement().asString().contains("not waited for: checkout/b, silent since");
        assertThat(current().settings().endpoint()).isEqualTo(NEW);
    }

    @Test
    void namesWhoRefusesTheTargetAndPutsTheIntervalBack() {
        instances.get(2).refusing(settings -> settings.settings().endpoint().equals(NEW));

        OperationException failure = failure(Optional.of(SECOND), Optional.of(Duration.ofSeconds(40)));

        assertThat(failure.reason()).isEqualTo(Reason.NOT_CONVERGED);
        assertThat(failure)
                .hasMessageContaining("2 of 3 follow it")
                .hasMessageContaining("checkout/c: REJECTED on version 2, has read 3")
                .hasMessageContaining("connection refused by the test")
                .hasMessageNotContaining("checkout/a:");
        assertThat(failure.next()).contains("registry-admin rollback orders --to 1");
        assertThat(current().settings().polling()).isEqualTo(Polling.DEFAULT);
    }

    @Test
    void leadsBackToWhatIsServedAfterSeveralFailedMoves() {
        instances.forEach(each ->
                each.refusing(settings -> !settings.settings().endpoint().equals(OLD)));
        registry.put("orders", current().settings().withEndpoint(Endpoint.parse("bad:1/orders")));
        timing.pause(Duration.ofSeconds(30));

        OperationException failure = failure(Optional.empty(), Optional.of(Duration.ofSeconds(40)));

        assertThat(failure.next()).contains("registry-admin rollback orders --to 1 (which 3 of 3 instances serve)");
    }

    @Test
    void waitsForOneThatRefusesAtFirst() {
        boolean[] refuses = {true};
        instances
                .get(2)
                .refusing(
                        settings -> refuses[0] && settings.settings().endpoint().equals(NEW));
        timing.at(Duration.ofSeconds(50), () -> refuses[0] = false);

        MoveResult result = move(Optional.of(SECOND), Optional.empty());

        assertThat(result.fleet().orElseThrow().arrived()).hasSize(3);
    }

    @Test
    void saysWhoWroteFirstAndPutsItsOwnIntervalBack() {
        timing.at(
                Duration.ofSeconds(5),
                () -> registry.put("orders", current().settings().withEndpoint(Endpoint.parse("other:1/x"))));

        OperationException failure = failure(Optional.of(SECOND), Optional.empty());

        assertThat(failure.reason()).isEqualTo(Reason.CONFLICT);
        assertThat(failure)
                .hasMessageContaining("version 3 by test")
                .hasMessageContaining("endpoint: db1:5432/orders -> other:1/x");
        assertThat(current().settings().endpoint()).isEqualTo(Endpoint.parse("other:1/x"));
        assertThat(current().settings().polling()).isEqualTo(Polling.DEFAULT);
    }

    @Test
    void leavesItsIntervalAloneWhenACutoverBeganMeanwhileAndSaysHowToPutItBack() {
        timing.at(Duration.ofSeconds(5), this::beginCutover);

        OperationException failure = failure(Optional.of(SECOND), Optional.empty());

        assertThat(failure.reason()).isEqualTo(Reason.CUTOVER_UNDER_WAY);
        assertThat(failure)
                .hasMessageContaining("cutover c-1 to db2:5432/orders is under way for 'orders': phase prepare")
                .hasMessageContaining("the poll interval could not be restored")
                .hasMessageContaining("set-interval orders 30s");
        assertThat(failure.next()).contains("cutover status orders");
        assertThat(current().version()).as("it was not overwritten").isEqualTo(3);
        assertThat(current().transition()).isPresent();
    }

    @Test
    void aCutoverThatBeginsAfterTheMoveKeepsTheShortIntervalAndThatIsSaid() {
        timing.at(Duration.ofSeconds(31), this::beginCutover);
        instances.get(2).refusing(settings -> settings.settings().endpoint().equals(NEW));

        OperationException failure = failure(Optional.of(SECOND), Optional.of(Duration.ofSeconds(40)));

        assertThat(failure.reason()).isEqualTo(Reason.NOT_CONVERGED);
        assertThat(failure).hasMessageContaining("could not be restored: cutover c-1 to db2:5432/orders is under way");
        assertThat(current().transition()).isPresent();
        assertThat(current().settings().polling().isTemporary()).isTrue();
    }

    private void beginCutover() {
        VersionedSettings now = current();
        Transition prepare = new Transition(
                "c-1", Transition.Phase.PREPARE, now.settings().withEndpoint(NEW), Duration.ofSeconds(5));
        registry.write(now.nextIn(prepare, new Change("alice", Instant.EPOCH, "")));
    }

    @Test
    void leavesAnIntervalAloneThatSomebodyElseSetMeanwhile() {
        timing.at(
                Duration.ofSeconds(31),
                () -> registry.put("orders", current().settings().withPolling(Polling.every(Duration.ofSeconds(7)))));
        instances.get(2).refusing(settings -> settings.settings().endpoint().equals(NEW));

        OperationException failure = failure(Optional.of(SECOND), Optional.of(Duration.ofSeconds(40)));

        assertThat(failure).hasMessageContaining("left alone");
        assertThat(current().settings().polling()).isEqualTo(Polling.every(Duration.ofSeconds(7)));
    }

    @Test
    void sitsOutAnOutageOfTheRegistry() {
        timing.at(
                Duration.ofSeconds(10),
                () -> registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null)));
        timing.at(Duration.ofSeconds(20), registry::recover);

        MoveResult result = move(Optional.of(SECOND), Optional.empty());

        assertThat(result.fleet().orElseThrow().arrived()).hasSize(3);
        assertThat(talk).anyMatch(line -> line.contains("no answer"));
    }

    @Test
    void triesForAWhileToPutTheIntervalBackInAnOutageThenSaysHow() {
        instances.get(0).freeze();
        timing.at(
                Duration.ofSeconds(35),
                () -> registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null)));

        OperationException failure = failure(Optional.of(SECOND), Optional.of(Duration.ofSeconds(40)));

        assertThat(failure.reason()).isEqualTo(Reason.NOT_CONVERGED);
        assertThat(failure).hasMessageContaining("registry-admin set-interval orders 30s");
        assertThat(talk).last().isEqualTo("restoring the poll interval; trying for up to 15s");
    }

    @Test
    void putsTheIntervalBackAlsoAfterAFaultOfItsOwn() {
        timing.at(Duration.ofSeconds(3), () -> {
            throw new IllegalStateException("a fault in our own code");
        });

        OperationException failure = failure(Optional.of(SECOND), Optional.empty());

        assertThat(failure.reason()).isEqualTo(Reason.FAILED);
        assertThat(failure)
                .hasMessageContaining("a fault in our own code")
                .hasMessageContaining("poll interval is 30s again");
        assertThat(current().settings().polling()).isEqualTo(Polling.DEFAULT);
    }

    @Test
    void putsAnIntervalBackOfWhichItNeverHeardThatItWasWritten() {
        administration = (RegistryAdministration) Proxy.newProxyInstance(
                MoveRunTest.class.getClassLoader(),
                new Class<?>[] {RegistryAdministration.class},
                (proxy, method, arguments) -> {
                    boolean firstWrite =
                            method.getName().equals("write") && current().version() == 1;
                    try {
                        Object answer = method.invoke(registry, arguments);
                        if (!firstWrite) {
                            return answer;
                        }
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                    registry.fail(new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null));
                    throw new RegistryException(RegistryException.Kind.OUTCOME_UNKNOWN, "lost", null);
                });
        timing.at(Duration.ofMillis(500), registry::recover);

        OperationException failure = failure(Optional.of(SECOND), Optional.empty());

        assertThat(failure).hasMessageContaining("lost").hasMessageContaining("poll interval is 30s again (version 3)");
        assertThat(current().settings().polling()).isEqualTo(Polling.DEFAULT);
    }

    @Test
    void saysWhatRemainsToBeDoneWhenStopped() {
        timing.at(Duration.ofSeconds(3), timing::stop);

        OperationException failure = failure(Optional.of(SECOND), Optional.empty());

        assertThat(failure.reason()).isEqualTo(Reason.INTERRUPTED);
        assertThat(failure).hasMessageContaining("version 2: poll interval 1s (normally 30s)");
        assertThat(failure.next())
                .contains("registry-admin set-interval orders 30s")
                .doesNotContain("rollback");
        assertThat(current().version()).isEqualTo(2);
    }

    @Test
    void finishesWhatADeadOperatorBegan() {
        registry.put("orders", current().settings().withEndpoint(NEW).withPolling(Polling.DEFAULT.shortenedTo(SECOND)));

        move(Optional.of(SECOND), Optional.empty());

        assertThat(current().settings().polling()).isEqualTo(Polling.DEFAULT);
        assertThat(current().version()).isEqualTo(3);
    }

    @Test
    void writesAndWarnsIfNobodyIsThere() {
        instances.forEach(FakeInstance::close);

        MoveResult result = move(Optional.of(SECOND), Optional.empty());

        assertThat(result.warnings()).singleElement().asString().contains("no instance uses 'orders'");
        assertThat(current().settings().endpoint()).isEqualTo(NEW);
        assertThat(current().version()).isEqualTo(2);
        assertThat(timing.elapsed()).isZero();
    }

    @Test
    void takesInWhoAppearsAndLetsGoWhoStops() {
        timing.at(Duration.ofSeconds(2), () -> instances.add(new FakeInstance(registry, timing, "orders", "d")));
        timing.at(Duration.ofSeconds(3), () -> instances.get(0).close());

        FleetSnapshot fleet =
                move(Optional.of(SECOND), Optional.empty()).fleet().orElseThrow();

        assertThat(fleet.arrived())
                .extracting(member -> member.report().instance())
                .containsExactly("b", "c", "d");
    }

    private MoveResult move(Optional<Duration> pollInterval, Optional<Duration> timeout) {
        ChangeRequest change = new ChangeRequest(ORDERS, Optional.empty(), "test", false);
        return moving(new MoveRequest(change, pollInterval, true, FleetGoal.Kind.ACTIVE, timeout))
                .run(settings -> settings.withEndpoint(NEW));
    }

    /** Without another interval, and without a wait. */
    private static MoveRequest plain(boolean dryRun) {
        ChangeRequest change = new ChangeRequest(ORDERS, Optional.empty(), "test", dryRun);
        return new MoveRequest(change, Optional.empty(), false, FleetGoal.Kind.ACTIVE, Optional.empty());
    }

    private OperationException failure(Optional<Duration> pollInterval, Optional<Duration> timeout) {
        OperationException failure = catchThrowableOfType(OperationException.class, () -> move(pollInterval, timeout));
        assertThat(failure).isNotNull();
        return failure;
    }

    private MoveRun moving(MoveRequest request) {
        return new MoveRun(tools(), request, observer());
    }

    private MoveRun.Tools tools() {
        CommandText commands = new CommandText(() -> "registry-admin");
        Authorship authorship = new Authorship(() -> "operator", Clock.systemUTC());
        SettingsWriter writer = new SettingsWriter(administration, cutovers, commands);
        return new MoveRun.Tools(
                new ChangeSettings(
                        new SettingsReader(administration, commands), writer, administration, authorship, commands),
                new FleetWatcher(administration, timing),
                new IntervalRestorer(administration, writer, authorship, timing, commands),
                timing,
                commands);
    }

    private MoveObserver observer() {
        return new MoveObserver() {
            @Override
            public void step(String text) {
                talk.add(text);
            }

            @Override
            public void warning(String text) {
                talk.add(text);
            }

            @Override
            public void observed(FleetSnapshot snapshot, WaitStatus status) {
                status.outage().ifPresent(talk::add);
            }
        };
    }

    private VersionedSettings current() {
        return ((ReadResult.Found) registry.read(ORDERS)).settings();
    }
}
