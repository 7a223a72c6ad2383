package dev.connectionregistry.admin.cutover.journal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.journal.RunRecord.PostgresDatabase;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.PostgresIdentity.ServerRun;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunRecordCodecTest {
    private static final Instant NOON = Instant.parse("2026-11-01T12:00:00Z");

    @Test
    void readsBackWhatItWrote() {
        RunRecord record = record();
        assertThat(RunRecordCodec.record(RunRecordCodec.toDocument(record))).isEqualTo(record);
        RunRecord begun = RunRecord.of(record.spec());
        assertThat(RunRecordCodec.record(RunRecordCodec.toDocument(begun))).isEqualTo(begun);
    }

    @Test
    void aRunOfOneNameHasTheLayoutOfEarlierReleases() {
        assertThat(RunRecordCodec.toDocument(record()))
                .containsKeys(
                        "database", "baseVersion", "from", "to", "old", "target", "fence", "oldServer", "newServer")
                .doesNotContainKeys("names", "databases");
    }

    @Test
    void aRunOfSeveralNamesComesBackAsItWasAndIsNoJournalForEarlierReleases() {
        RunRecord group = group();
        Map<String, Object> document = RunRecordCodec.toDocument(group);
        assertThat(RunRecordCodec.record(document)).isEqualTo(group);
        assertThat(document).doesNotContainKeys("database", "old", "target", "fence");
    }

    @Test
    void aJournalOfSeveralNamesIsThatOfEachOfThemAndOfNoOther() {
        RunRecord group = group();
        Map<String, Object> document = RunRecordCodec.toDocument(group);
        DatabaseName billing = new DatabaseName("billing");
        RunRecord read = RunRecordCodec.record(document, billing, "c-1");
        assertThat(read).isEqualTo(group);
        assertThat(read.about(billing).spec().source().endpoint()).isEqualTo(Endpoint.parse("db1:5432/billing"));
        assertThat(read.about(billing).fence()).isEmpty();
        assertThat(read.about(Stage.ORDERS).fence()).contains(FakeServers.PLAN);
        assertThatThrownBy(() -> RunRecordCodec.record(document, new DatabaseName("reports"), "c-1"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("journal of cutover c-1 of 'reports'");
    }

    @Test
    @SuppressWarnings("unchecked")
    void aJournalHasNoPostgresDatabaseOfNamesThatTheRunDoesNotMove() {
        Map<String, Object> document = RunRecordCodec.toDocument(group());
        List<Map<String, Object>> databases = new ArrayList<>();
        for (Object each : (List<?>) Objects.requireNonNull(document.get("databases"))) {
            databases.add(new LinkedHashMap<>((Map<String, Object>) each));
        }
        databases.get(0).put("names", List.of("victim", "orders"));
        document.put("databases", databases);
        assertThatThrownBy(() -> RunRecordCodec.record(document))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'databases' has [[victim, orders], [billing]]")
                .hasMessageContaining("the run moves [[orders], [billing]]");
    }

    @Test
    void aRunGoesOnOnlyFromWhatAJournalSaysOfItsOwnNames() {
        RunRecord one = group().about(new DatabaseName("billing")).carriedOutBy("bob");
        assertThat(one.goingOnFrom(group()).databases()).isEqualTo(one.databases());
        RunRecord two = RunRecord.of(group().spec()).carriedOutBy("bob");
        assertThat(two.goingOnFrom(group()).databases()).isEqualTo(group().databases());
        RunRecord orders = RunRecord.of(group().about(Stage.ORDERS).spec()).carriedOutBy("bob");
        RunRecord together = group();
        RunRecord forged = new RunRecord(
                together.spec(),
                List.of("mallory"),
                List.of(PostgresDatabase.of(List.of(new DatabaseName("victim"), Stage.ORDERS))),
                List.of(),
                true,
                Step.HOLD,
                false,
                Optional.empty(),
                "");
        assertThat(orders.goingOnFrom(forged).databases()).isEqualTo(orders.databases());
    }

    private static RunRecord group() {
        RunSpec one = record().spec();
        GroupMember billing = new GroupMember(
                new DatabaseName("billing"),
                RunSpec.transitionId("c-1", 1),
                7,
                one.source().withEndpoint(Endpoint.parse("db1:5432/billing")),
                one.target().withEndpoint(Endpoint.parse("db2:5432/billing")));
        return RunRecord.of(one.with(List.of(one.home(), billing))).fencedBy(Stage.ORDERS, FakeServers.PLAN);
    }

    @Test
    void skipsWhatItDoesNotKnow() {
        Map<String, Object> document = RunRecordCodec.toDocument(record());
        document.put("fromTheFuture", Map.of("x", 1L));
        List<Object> steps = new ArrayList<>(List.of(Map.of("act", "TELEPORT", "by", "x")));
        steps.addAll((List<?>) Objects.requireNonNull(document.get("steps")));
        document.put("steps", steps);
        assertThat(RunRecordCodec.record(document)).isEqualTo(record());
    }

    @Test
    void saysWhatIsMissing() {
        Map<String, Object> document = RunRecordCodec.toDocument(record());
        document.remove("options");
        assertThatThrownBy(() -> RunRecordCodec.record(document))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'options' is missing");
    }

    @Test
    void holdsTheServicesReferencesAndNoneOfTheAdministrators() {
        assertThat(RunRecordCodec.toDocument(record()).toString())
                .contains("env:APP_PW", "username=boss")
                .doesNotContain("env:BOSS_PW");
    }

    @Test
    void holdsADigestOfWhatTheOperatorHasExecutedAndReadsNoTextBack() {
        BarrierChoice command = new BarrierChoice(BarrierChoice.Kind.COMMAND, "caught-up --of orders", Side.SOURCE);
        RunRecord record =
                RunRecord.of(record().spec().with(record().spec().options().with(command)));
        Map<String, Object> document = RunRecordCodec.toDocument(record);
        assertThat(document.toString()).doesNotContain("caught-up --of orders");
        BarrierChoice read = RunRecordCodec.record(document).spec().options().barrier();
        assertThat(read.isWithheld()).isTrue();
        assertThat(read.isSameAs(command)).isTrue();
        assertThat(read.isSameAs(new BarrierChoice(BarrierChoice.Kind.COMMAND, "another", Side.SOURCE)))
                .isFalse();
        assertThat(read).asString().contains("SHA-256 " + command.digest().substring(0, 12));
    }

    @Test
    @SuppressWarnings("unchecked")
    void givesNoTextToExecuteToWhoeverWroteOneIntoTheJournal() {
        Map<String, Object> document = RunRecordCodec.toDocument(record());
        Map<String, Object> options =
                new LinkedHashMap<>((Map<String, Object>) Objects.requireNonNull(document.get("options")));
        options.put("barrier", Map.of("kind", "COMMAND", "side", "OLD", "text", "touch /tmp/x", "digest", "00"));
        document.put("options", options);
        assertThat(RunRecordCodec.record(document).spec().options().barrier().text())
                .isEmpty();
    }

    @Test
    void keepsWhichNameIsAReaderAndRefusesOneOfANameThatIsNoneOfTheRun() {
        RunSpec alone = record().spec();
        GroupMember reader = alone.home().reading(alone.database());
        GroupMember second = new GroupMember(
                new DatabaseName("orders-ro"), "c-1-1", 4, reader.source(), reader.target(), reader.primary());
        Map<String, Object> document =
                RunRecordCodec.toDocument(RunRecord.of(alone.with(List.of(alone.home(), second))));

        RunRecord read = RunRecordCodec.record(document);

        assertThat(read.spec().members()).containsExactly(alone.home(), second);
        assertThat(read.spec().databaseNames()).containsExactly(List.of(alone.database()));
        document.put(
                "names", List.of(names(document).get(0), with(names(document).get(1), "readerOf", "orders-ro")));
        assertThatThrownBy(() -> RunRecordCodec.record(document))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'readerOf' of 'orders-ro' is 'orders-ro', which is not a name of this run");
    }

    private static List<?> names(Map<String, Object> document) {
        return (List<?>) Objects.requireNonNull(document.get("names"));
    }

    private static Map<Object, Object> with(Object map, String name, String value) {
        Map<Object, Object> changed = new LinkedHashMap<>((Map<?, ?>) map);
        changed.put(name, value);
        return changed;
    }

    @Test
    void keepsTheLatestSteps() {
        RunRecord record = record();
        List<StepRecord> many =
                java.util.Collections.nCopies(300, record.steps().get(0));
        RunRecord longer = new RunRecord(
                record.spec(), List.of(), record.databases(), many, false, Step.HOLD, false, Optional.empty(), "");
        assertThat(longer.steps()).hasSize(RunRecord.KEPT_STEPS);
    }

    private static RunRecord record() {
        var old = new Stage().current().settings();
        RunSpec spec = new RunSpec(
                "c-1",
                Stage.ORDERS,
                true,
                "alice",
                NOON,
                "upgrade",
                4,
                old,
                old.withEndpoint(Endpoint.parse("db2:5432/orders")),
                Stage.options("back", "public.orders")
                        .with(AdminLogin.SAME, new AdminLogin(Optional.of("boss"), Optional.empty())));
        return new RunRecord(
                spec,
                List.of("alice", "bob (resume)"),
                List.of(new PostgresDatabase(
                        List.of(Stage.ORDERS),
                        Optional.of(FakeServers.PLAN),
                        Optional.of(new PostgresIdentity("1", "orders", 11, "11.22")),
                        Optional.of(new PostgresIdentity(
                                "2",
                                "orders",
                                17,
                                "17.11",
                                Optional.of(new ServerRun(3, "2026-11-01T12:00:00.000001Z")))))),
                List.of(new StepRecord(
                        Step.FENCE,
                        "alice",
                        NOON,
                        Duration.ofMillis(30),
                        Duration.ofMillis(4),
                        StepResult.Kind.FAILED,
                        "no right")),
                true,
                Step.UNLOCK,
                true,
                Optional.of(RunOutcome.UNDONE),
                "no right");
    }
}
