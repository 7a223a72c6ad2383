package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.ScriptedRegistry;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest.Servers;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A coordinator dies at each step, and another one takes its run over. */
class TakeOverTest {
    private static final String GOES_ON =
            "stop requested, but the abort runs to its end: the fence may be up, and callers may wait. If you kill it,"
                    + " run the same command again";

    private final Stage stage = new Stage();

    private void dieAt(String event) {
        stage.instance("a");
        stage.script.crash(event);
        assertThatThrownBy(() -> stage.cutover(Stage.options("back", "public.orders")))
                .isInstanceOf(Script.Crash.class);
        stage.script.clear();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open session",
                "plan",
                "poll 100ms (normally 30s)",
                "poll 100ms (normally 30s) written",
                "PREPARE",
                "PREPARE written",
                "HOLD",
                "HOLD written",
                "raise",
                "prove",
                "barrier",
                "sequences",
                "reverse slot",
                "steady db2"
            })
    void abortBringsEverythingBackWhereverItDied(String event) {
        dieAt(event);

        CutoverResult result = stage.takeOver(Purpose.ABORT);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.host()).isEqualTo("db1");
        assertThat(stage.current().transition()).isEmpty();
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.servers.fenceUp()).isFalse();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "open session",
                "plan",
                "poll 100ms (normally 30s) written",
                "PREPARE",
                "PREPARE written",
                "HOLD written",
                "raise",
                "sequences",
                "steady db2",
                "steady db2 written",
                "poll 30s"
            })
    void resumeEndsOnTheTargetWhereverItDied(String event) {
        dieAt(event);

        CutoverResult result = stage.takeOver(Purpose.RESUME);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(stage.host()).isEqualTo("db2");
        assertThat(stage.current().transition()).isEmpty();
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.servers.fenceUp()).isTrue();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    @Test
    void resumesFromAHoldWithAHoldOfItsOwnAndAllThatFollows() {
        dieAt("barrier");
        CutoverResult result = stage.takeOver(Purpose.RESUME);
        assertThat(new RunSummary(result, new CommandText(() -> "registry-admin")).headline())
                .endsWith(" ms since the run was resumed");
        // These two run beside the sequences, so any of the three may be first.
        assertThat(stage.events())
                .filteredOn(event -> !event.equals("reverse slot") && !event.equals("refusal"))
                .startsWith("lock", "take over session", "HOLD", "raise", "prove", "barrier", "sequences");
        assertThat(stage.servers.logins).anyMatch(login -> login.username().equals("boss"));
    }

    /** Only the check of a whole run chooses what is counted, and a resumed run makes none. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void countsTheRowsOfAResumedRun(boolean proven) {
        TableName table = new TableName("public", "orders");
        stage.servers.small.put(table, 3L);
        stage.servers.targetSmall.put(table, 3L);
        stage.instance("a");
        stage.script.crash("barrier");
        assertThatThrownBy(() -> stage.cutover(proven ? Stage.options() : Stage.unproven()))
                .isInstanceOf(Script.Crash.class);
        stage.script.clear();
        stage.servers.targetSmall.put(table, 2L);

        CutoverResult result = stage.takeOver(Purpose.RESUME);

        assertThat(result.outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(result.state().cause()).contains("public.orders has 3 rows on the source and 2 on the target");
    }

    @Test
    void saysThatAResumedRunComparesNoRowsWhereTheHoldLeavesNoTimeForIt() {
        TableName table = new TableName("public", "orders");
        stage.servers.small.put(table, 3L);
        stage.servers.targetSmall.put(table, 3L);
        stage.instance("a");
        stage.script.crash("barrier");
        assertThatThrownBy(() -> stage.cutover()).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        stage.servers.targetSmall.put(table, 2L);
        stage.script.on("barrier", () -> stage.timing.rest(Duration.ofMillis(3500)));

        CutoverResult result = stage.takeOver(Purpose.RESUME);

        assertThat(result.outcome()).isEqualTo(RunOutcome.SWITCHED);
        assertThat(result.warnings()).anyMatch(each -> each.startsWith("no rows are compared in this resumed run: "));
    }

    @Test
    void abortComesTooLateAfterTheSwitchAndLeavesNothingShortened() {
        dieAt("steady db2 written");
        CutoverResult result = stage.takeOver(Purpose.ABORT);
        assertThat(result.outcome()).isEqualTo(RunOutcome.TOO_LATE);
        assertThat(stage.host()).isEqualTo("db2");
        assertThat(stage.servers.fenceUp()).isTrue();
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
        assertThat(next(result)).contains("status orders --watch").doesNotContain("set-interval");
    }

    @ParameterizedTest
    @CsvSource({"poll 30s, set-interval orders 30s", "unlock, cutover resume orders"})
    void abortAfterTheSwitchNamesWhatItCouldNotTidyUp(String event, String command) {
        dieAt("steady db2 written");
        stage.script.fail(event, () -> {
            throw ScriptedRegistry.unreachable();
        });
        CutoverResult result = stage.takeOver(Purpose.ABORT);
        assertThat(result.outcome()).isEqualTo(RunOutcome.TOO_LATE);
        assertThat(next(result)).contains(command).doesNotContain("cutover abort");
    }

    private static String next(CutoverResult result) {
        return new RunSummary(result, new CommandText(() -> "registry-admin"))
                .problem()
                .orElseThrow()
                .next();
    }

    /** Half-way it would leave the fence up, and callers before it. */
    @ParameterizedTest
    @ValueSource(strings = {"lock", "take over session", "lower", "steady db1"})
    void anAbortGoesOnToItsEndWhenTheOperatorAsksItToStop(String event) {
        dieAt("sequences");
        stage.script.on(event, stage.timing::stop);

        CutoverResult result = stage.takeOver(Purpose.ABORT);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.servers.fenceUp()).isFalse();
        assertThat(stage.current().transition()).isEmpty();
        assertThat(result.warnings()).containsOnlyOnce(GOES_ON);
    }

    @Test
    void anAbortThatIsAskedToStopBeforeItBeginsGoesOnAsWell() {
        dieAt("sequences");
        stage.timing.stop();

        CutoverResult result = stage.takeOver(Purpose.ABORT);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.servers.fenceUp()).isFalse();
        assertThat(result.warnings()).containsOnlyOnce(GOES_ON);
    }

    /** It can't be undone before it is known what there is. */
    @ParameterizedTest
    @ValueSource(strings = {"lock", "take over session"})
    void aResumedRunThatIsAskedToStopIsUndone(String event) {
        dieAt("sequences");
        stage.script.on(event, stage.timing::stop);

        CutoverResult result = stage.takeOver(Purpose.RESUME);

        assertThat(result.outcome()).as(result.toString()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.servers.fenceUp()).isFalse();
        assertThat(stage.current().transition()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"RESUME", "ABORT"})
    void keepsOffWhatSomebodyElsePutThere(Purpose purpose) {
        dieAt("HOLD");
        stage.registry.put(
                "orders",
                stage.current()
                        .settings()
                        .withEndpoint(dev.connectionregistry.settings.Endpoint.parse("db3:1/orders")));
        assertThat(stage.takeOver(purpose).outcome()).isEqualTo(RunOutcome.FOREIGN);
        assertThat(stage.host()).isEqualTo("db3");
    }

    @Test
    void abortGivesBackALockWhoseRunNeverWroteAJournal() {
        stage.registry.writeLock(new CutoverLock(Stage.ORDERS, 1, "c-1", true, "t", "alice", stage.timing.now()));
        assertThatThrownBy(() -> stage.takeOver(Purpose.RESUME))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("has no journal");
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
        assertThat(stage.current().version()).isEqualTo(1);
    }

    /** Their rights are limited to some names, so whether the run has others is unknown unless the lock says so. */
    @Test
    void abortWithoutAJournalNeedsAllNamesOnlyWhereTheJournalIsThatOfAnother() {
        stage.script.fail("list", () -> {
            throw new RegistryException(RegistryException.Kind.DENIED, "no right to list", null);
        });
        stage.registry.writeLock(new CutoverLock(
                Stage.ORDERS, 1, "c-1", true, "t", "alice", stage.timing.now(), new DatabaseName("billing")));
        assertThatThrownBy(() -> stage.takeOver(Purpose.ABORT)).hasMessageContaining("no right to list");
        stage.registry.writeLock(new CutoverLock(Stage.ORDERS, 2, "c-1", true, "u", "alice", stage.timing.now()));
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    /** The way that docs/cutover.md describes for a journal that can't be read: it is taken away, then comes abort. */
    @ParameterizedTest
    @ValueSource(strings = {"PREPARE", "HOLD"})
    void abortWithdrawsAPhaseWhoseJournalWasTakenAway(String phase) {
        stage.registry.writeLock(new CutoverLock(Stage.ORDERS, 1, "c-1", true, "t", "alice", stage.timing.now()));
        ConnectionSettings target = stage.current().settings().withEndpoint(Endpoint.parse("db2:5432/orders"));
        stage.registry.write(stage.current()
                .nextIn(
                        new Transition("c-1", Transition.Phase.valueOf(phase), target, Duration.ofSeconds(5)),
                        stage.current().change()));
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.host()).isEqualTo("db1");
        assertThat(stage.current().transition()).isEmpty();
        assertThat(stage.registry.lock(Stage.ORDERS).orElseThrow().held()).isFalse();
    }

    @Test
    void namesTheWayOutWhereTheJournalCannotBeRead() {
        dieAt("HOLD written");
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> newer = new LinkedHashMap<>(
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow());
        newer.put("act", "SOMETHING_NEW");
        stage.registry.writeJournal(dead, newer);
        assertThatThrownBy(() -> stage.takeOver(Purpose.ABORT))
                .isInstanceOfSatisfying(OperationException.class, problem -> {
                    assertThat(problem.next())
                            .contains("the release of registry-admin that started the run")
                            .contains("'A journal that can't be read' in docs/cutover.md");
                    assertThat(problem).hasMessageContaining("SOMETHING_NEW");
                });
    }

    @ParameterizedTest
    @CsvSource({"RESUME, SWITCHED", "ABORT, UNDONE"})
    void knowsOfAFenceThatWasPlannedAfterTheRunWasFound(Purpose purpose, RunOutcome outcome) {
        dieAt("raise");
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> last =
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow();
        Map<String, Object> before = new LinkedHashMap<>(last);
        before.remove("fence");
        stage.registry.writeJournal(dead, before);
        stage.script.on("lock", () -> stage.registry.writeJournal(dead, last));

        assertThat(stage.takeOver(purpose).outcome()).isEqualTo(outcome);

        assertThat(stage.servers.fenceUp()).isEqualTo(outcome == RunOutcome.SWITCHED);
        assertThat(stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow())
                .containsKey("fence");
    }

    @ParameterizedTest
    @CsvSource({"RESUME", "ABORT"})
    void claimsNothingOfARunWhoseLockIsOutOfReach(Purpose purpose) {
        dieAt("steady db2 written");
        stage.script.fail("lock", () -> {
            throw ScriptedRegistry.unreachable();
        });
        CutoverResult result = stage.takeOver(purpose);
        assertThat(result.outcome()).isEqualTo(RunOutcome.STUCK);
        RunSummary summary = new RunSummary(result, new CommandText(() -> "registry-admin"));
        assertThat(summary.fence()).contains("may be up");
        assertThat(summary.callers()).contains("if the switch is done");
    }

    @Test
    void putsTheIntervalBackWhereAResumedRunFailsItsChecks() {
        dieAt("PREPARE");
        stage.servers.targetSchema = "another";
        assertThat(stage.takeOver(Purpose.RESUME).outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.current().settings().polling().isTemporary()).isFalse();
    }

    @Test
    void doesNotResumeOverSettingsThatSomebodyChangedMeanwhile() {
        dieAt("PREPARE");
        VersionedSettings current = stage.current();
        stage.registry.put("orders", current.settings().withCredentials("other", SecretRef.parse("env:OTHER")));
        CutoverResult result = stage.takeOver(Purpose.RESUME);
        assertThat(result.outcome()).isEqualTo(RunOutcome.STUCK);
        assertThat(result.state().cause()).contains("cutover abort orders");
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.current().settings().username()).isEqualTo("other");
    }

    @Test
    void saysThatNothingIsOpen() {
        assertThatThrownBy(() -> stage.takeOver(Purpose.ABORT))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("no cutover of 'orders' is open");
    }

    /** The settings name the run as well, and who writes journals doesn't write those. */
    @Test
    void resumesNoRehearsalThatAForgedJournalCallsACutover() {
        stage.instance("a");
        stage.script.crash("HOLD written");
        assertThatThrownBy(() -> stage.rehearsal(Stage.options())).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> forged = new LinkedHashMap<>(
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow());
        assertThat(forged.put("rehearsal", false)).isEqualTo(true);
        stage.registry.writeJournal(dead, forged);
        assertThatThrownBy(() -> stage.takeOver(Purpose.RESUME)).hasMessageContaining("is a rehearsal");

        CutoverLock renamed =
                new CutoverLock(Stage.ORDERS, dead.epoch() + 1, "c-forged", true, "t", "alice", stage.timing.now());
        stage.registry.writeLock(renamed);
        stage.registry.writeJournal(renamed, forged);
        try {
            assertThat(stage.takeOver(Purpose.RESUME).outcome()).isNotEqualTo(RunOutcome.SWITCHED);
        } catch (OperationException e) {
            assertThat(e).hasMessageNotContaining("give exactly these options");
        }
        assertThat(stage.host()).isEqualTo("db1");
    }

    @Test
    void takesNeitherTheKindOfTheFenceNorTheTablesToCountFromTheJournal() {
        dieAt("raise");
        RunOptions begun = Stage.options("back", "public.orders");
        RepeatedOptions all = begun.repeated();
        RepeatedOptions otherFence = new RepeatedOptions(
                all.barrier(),
                all.exemptRoles(),
                all.without(),
                all.cancelStragglers(),
                all.sequenceMargin(),
                all.reverseSlot(),
                FenceKind.NO_LOGIN,
                all.verifyTables(),
                all.uncounted());
        assertThat(otherFence.differences(all)).containsExactly("without --fence");
        RepeatedOptions otherTables = new RepeatedOptions(
                all.barrier(),
                all.exemptRoles(),
                all.without(),
                all.cancelStragglers(),
                all.sequenceMargin(),
                all.reverseSlot(),
                all.fence(),
                List.of("public.orders", "public.payments"),
                all.uncounted());
        for (RepeatedOptions given : List.of(otherFence, otherTables)) {
            assertThatThrownBy(() -> stage.takeOver(new TakeOverRequest(
                            Stage.ORDERS,
                            Optional.empty(),
                            Purpose.RESUME,
                            AdminLogin.SAME,
                            begun.targetAdmin(),
                            given,
                            Optional.empty(),
                            Stage.NO_SERVERS)))
                    .hasMessageContaining("the registry is not trusted with that");
        }
    }

    @Test
    void resumesNoRehearsal() {
        stage.instance("a");
        stage.script.crash("HOLD");
        assertThatThrownBy(() -> stage.rehearsal(Stage.options())).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        assertThatThrownBy(() -> stage.takeOver(Purpose.RESUME)).hasMessageContaining("is a rehearsal");
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(RunOutcome.UNDONE);
    }

    /** What somebody who can write the journal could put there; nothing of it is done before the operator has said it again. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "barrier | {kind=COMMAND, side=OLD, digest=00} | --caught-up-command",
                "barrier | {kind=COMMAND, side=OLD, text=touch /tmp/x} | --caught-up-command",
                "barrier | {kind=SQL, side=NEW, digest=00} | --caught-up-sql",
                "barrier | {kind=NONE, side=OLD, text=} | --no-barrier",
                "barrier | {kind=REPLICATION, side=OLD, text=theirs} | --slot",
                "exemptRoles | [mallory] | --exempt-role mallory",
                "without | [s/a] | --without s/a",
                "cancelStragglers | true | --cancel-stragglers",
                "sequenceMargin | 9000000000 | --sequence-margin 9000000000",
                "reverseSlot | precious | --reverse-slot precious",
            })
    void resumesNothingThatTheOperatorDidNotSayAgain(String option, String forged, String named) {
        stage.instance("a");
        stage.script.crash("HOLD written");
        assertThatThrownBy(stage::cutover).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        forgeOption(option, Forged.value(forged));
        int before = stage.servers.logins.size();

        assertThatThrownBy(() -> stage.takeOver(Purpose.RESUME))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("was started with " + named);

        assertThat(stage.servers.logins).as("nobody logged in").hasSize(before);
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(RunOutcome.UNDONE);
    }

    @Test
    void abortDropsNoSlotOfAnotherNameThanItsOwn() {
        stage.instance("a");
        stage.script.crash("HOLD written");
        assertThatThrownBy(stage::cutover).isInstanceOf(Script.Crash.class);
        stage.script.clear();
        forgeOption("reverseSlot", "precious");
        forge("reverseSlotBegun", true);
        assertThat(stage.takeOver(Purpose.ABORT).outcome()).isEqualTo(RunOutcome.UNDONE);
        assertThat(stage.events()).doesNotContain("drop reverse slot");
    }

    @ParameterizedTest
    @CsvSource({"old, RESUME", "old, ABORT", "target, RESUME"})
    void logsInToNoServerThatOnlyTheJournalKnows(String side, Purpose purpose) {
        dieAt("HOLD written");
        forge(
                side,
                SettingsCodec.toDocument(ConnectionSettings.of(
                        Endpoint.parse("evil:5432/orders"),
                        "app",
                        SecretRef.parse("file:/home/alice/.aws/credentials"))));
        int before = stage.servers.logins.size();
        assertThatThrownBy(() -> stage.takeOver(purpose))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("evil:5432/orders")
                .hasMessageContaining("neither the settings of 'orders' nor their history");
        assertThat(stage.servers.logins).hasSize(before);
    }

    @ParameterizedTest
    @CsvSource({"username, boss", "passwordRef, file:/home/alice/.ssh/id_ed25519"})
    void usesNoLoginOfTheServicesThatOnlyTheJournalKnows(String attribute, String forged) {
        dieAt("HOLD written");
        Map<String, Object> old =
                new LinkedHashMap<>(SettingsCodec.toDocument(stage.current().settings()));
        old.put(attribute, forged);
        forge("old", old);
        assertThatThrownBy(() -> stage.takeOver(Purpose.ABORT)).isInstanceOf(OperationException.class);
    }

    @Test
    void theTargetOfARunThatHadPreparedNothingIsTheOperatorsToSay() {
        dieAt("plan");
        TakeOverRequest unsaid = request(Stage.NO_SERVERS);
        assertThatThrownBy(() -> stage.takeOver(unsaid)).isInstanceOfSatisfying(OperationException.class, problem -> {
            assertThat(problem).hasMessageContaining("its target is db2:5432/orders");
            assertThat(problem.next()).contains("--to HOST:PORT/NAME").doesNotContain("db2");
        });
        assertThatThrownBy(() -> stage.takeOver(
                        request(new Servers(Optional.empty(), Optional.of("db3:5432"), Map.of(), text -> true))))
                .hasMessageContaining("db2:5432/orders, not db3:5432");
        List<String> asked = new ArrayList<>();
        assertThat(stage.takeOver(request(new Servers(Optional.empty(), Optional.empty(), Map.of(), asked::add)))
                        .outcome())
                .isEqualTo(RunOutcome.SWITCHED);
        assertThat(asked).hasSize(1).first().asString().contains("Is db2:5432/orders its target?");
    }

    @Test
    void aTargetThatWasGivenWithoutItsDatabaseIsInTheDatabaseOfTheSettings() {
        dieAt("plan");
        Servers given = new Servers(Optional.empty(), Optional.of("db2:5432"), Map.of(), text -> false);
        Map<String, Object> target = journalled("target");
        forge("target", at(target, "db2", "evil"));
        int before = stage.servers.logins.size();

        assertThatThrownBy(() -> stage.takeOver(request(given))).hasMessageContaining("db2:5432/evil, not db2:5432");
        assertThat(stage.servers.logins).as("nobody logged in").hasSize(before);

        forge("target", target);
        assertThat(stage.takeOver(request(given)).outcome()).isEqualTo(RunOutcome.SWITCHED);
    }

    @Test
    void aSourceThatWasGivenWithoutItsDatabaseIsInTheDatabaseOfTheSettings() {
        dieAt("plan");
        Servers given = new Servers(Optional.of("db9:5432"), Optional.of("db2:5432"), Map.of(), text -> false);
        forge("old", at(journalled("old"), "db9", "evil"));

        assertThatThrownBy(() -> stage.takeOver(request(given))).hasMessageContaining("db9:5432/evil, not db9:5432");
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> journalled(String attribute) {
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        return (Map<String, Object>) Objects.requireNonNull(
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow().get(attribute));
    }

    private static Map<String, Object> at(Map<String, Object> settings, String host, String database) {
        Map<String, Object> elsewhere = new LinkedHashMap<>(settings);
        assertThat(elsewhere.put("endpoint", Map.of("host", host, "port", 5432L, "databaseName", database)))
                .isNotNull();
        return elsewhere;
    }

    private static TakeOverRequest request(Servers servers) {
        RunOptions options = Stage.options("back", "public.orders");
        return new TakeOverRequest(
                Stage.ORDERS,
                Optional.empty(),
                Purpose.RESUME,
                AdminLogin.SAME,
                options.targetAdmin(),
                options.repeated(),
                Optional.empty(),
                servers);
    }

    @ParameterizedTest
    @CsvSource({"RESUME", "ABORT"})
    void wantsTheAdministratorOfItsBeginningAgain(Purpose purpose) {
        dieAt("HOLD written");
        TakeOverRequest without = new TakeOverRequest(
                Stage.ORDERS,
                Optional.empty(),
                purpose,
                AdminLogin.SAME,
                AdminLogin.SAME,
                Stage.options("back", "public.orders").repeated(),
                Optional.empty(),
                Stage.NO_SERVERS);
        assertThatThrownBy(() -> stage.takeOver(without)).isInstanceOfSatisfying(OperationException.class, problem -> {
            assertThat(problem).hasMessageContaining("was started as 'boss' on the target");
            assertThat(problem.next()).contains("--target-admin-username", "--target-admin-password-ref");
        });
    }

    @Test
    void saysAllAtOnceThatAResumeMustGiveAgain() {
        dieAt("HOLD written");
        TakeOverRequest bare = new TakeOverRequest(
                Stage.ORDERS,
                Optional.empty(),
                Purpose.RESUME,
                AdminLogin.SAME,
                AdminLogin.SAME,
                Stage.unproven().repeated(),
                Optional.of("add --accept-unproven-barrier"),
                Stage.NO_SERVERS);
        assertThatThrownBy(() -> stage.takeOver(bare)).isInstanceOfSatisfying(OperationException.class, problem -> {
            assertThat(problem)
                    .hasMessageContainingAll(
                            "was started as 'boss' on the target",
                            "without --caught-up-command",
                            "with --reverse-slot back",
                            "add --accept-unproven-barrier");
            assertThat(problem.next()).contains("--target-admin-username", "give exactly these options");
        });
    }

    @Test
    void refusesAJournalThatStandsUnderAnotherRunsKey() {
        dieAt("HOLD written");
        forge("database", "billing");
        assertThatThrownBy(() -> stage.takeOver(Purpose.ABORT))
                .isInstanceOf(OperationException.class)
                .hasMessageContaining("it says that it belongs to c-")
                .hasMessageContaining("'billing'");
    }

    private void forge(String attribute, Object value) {
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> journal = new LinkedHashMap<>(
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow());
        journal.put(attribute, value);
        stage.registry.writeJournal(dead, journal);
    }

    @SuppressWarnings("unchecked")
    private void forgeOption(String option, Object value) {
        CutoverLock dead = stage.registry.lock(Stage.ORDERS).orElseThrow();
        Map<String, Object> options = new LinkedHashMap<>((Map<String, Object>)
                stage.registry.journal(Stage.ORDERS, dead.runId()).orElseThrow().get("options"));
        options.put(option, value);
        forge("options", options);
    }

    /** {@code {a=b, c=d}}, {@code [a]}, {@code true}, a number, or text. */
    private static final class Forged {
        static Object value(String text) {
            if (text.startsWith("{")) {
                Map<String, Object> map = new LinkedHashMap<>();
                for (String pair : text.substring(1, text.length() - 1).split(", ", -1)) {
                    map.put(pair.substring(0, pair.indexOf('=')), pair.substring(pair.indexOf('=') + 1));
                }
                return map;
            }
            if (text.startsWith("[")) {
                return List.of(text.substring(1, text.length() - 1));
            }
            return text.matches("\\d+") ? (Object) Long.parseLong(text) : text.equals("true") ? true : text;
        }
    }
}
