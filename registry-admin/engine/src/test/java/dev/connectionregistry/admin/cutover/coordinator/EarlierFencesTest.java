package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EarlierFencesTest {
    @Test
    void areThoseOfRunsBeforeTheLatestThatNothingLaterRulesOut() {
        Map<String, Object> refusedWayBack = journal("c-4", "db2", "db1", RunOutcome.REFUSED, false);
        Map<String, Object> switched = journal("c-3", "db1", "db2", RunOutcome.SWITCHED, true);
        Map<String, Object> undone = journal("c-2", "db1", "db2", RunOutcome.UNDONE, true);
        Map<String, Object> stuck = journal("c-1", "db3", "db1", RunOutcome.STUCK, true);
        assertThat(found(List.of(refusedWayBack, switched, undone, stuck))).containsExactly("c-3", "c-1");
        assertThat(found(List.of(switched, undone)))
                .as("the latest is told anyway")
                .isEmpty();
    }

    @Test
    void areNotThoseOfAServerThatALaterRunMovedToOrFenced() {
        Map<String, Object> latest = journal("c-4", "db9", "db8", RunOutcome.REFUSED, false);
        Map<String, Object> back = journal("c-3", "db2", "db1", RunOutcome.SWITCHED, true);
        Map<String, Object> first = journal("c-2", "db1", "db2", RunOutcome.SWITCHED, true);
        Map<String, Object> before = journal("c-1", "db2", "db1", RunOutcome.SWITCHED, true);
        assertThat(found(List.of(latest, back, first, before))).containsExactly("c-3");
    }

    @Test
    void oneThatCannotBeReadHidesNoOther() {
        Map<String, Object> latest = journal("c-3", "db2", "db1", RunOutcome.REFUSED, false);
        Map<String, Object> first = journal("c-1", "db1", "db2", RunOutcome.SWITCHED, true);
        assertThat(found(List.of(latest, Map.of("id", 7L, "fence", "x"), Map.of(), first)))
                .containsExactly("c-1");
    }

    private static List<String> found(List<Map<String, Object>> journals) {
        return EarlierFences.among(new ArrayList<>(journals), Stage.ORDERS).stream()
                .map(run -> run.spec().id())
                .toList();
    }

    private static Map<String, Object> journal(String id, String from, String to, RunOutcome outcome, boolean fenced) {
        RunRecord begun = RunRecord.of(Stage.run(id, from, to, Stage.options()));
        RunRecord record = fenced ? begun.fencedBy(Stage.ORDERS, FakeServers.PLAN) : begun;
        return RunRecordCodec.toDocument(new RunRecord(
                record.spec(),
                record.coordinators(),
                record.databases(),
                record.steps(),
                false,
                Step.UNLOCK,
                false,
                Optional.of(outcome),
                ""));
    }
}
