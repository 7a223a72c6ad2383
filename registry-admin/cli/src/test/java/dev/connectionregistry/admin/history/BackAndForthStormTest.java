package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.history.check.Operation;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Aftermath;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Database;
import dev.connectionregistry.admin.history.stage.Servers;
import dev.connectionregistry.admin.history.stage.Stage;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One cutover after the other, there and back, each with a slot for the way back, so that nothing is ever copied again. */
@Tag("storm")
@Timeout(value = 15, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BackAndForthStormTest {
    @ParameterizedTest(name = "{1} cutovers between Postgres {0} and 18")
    @CsvSource({"17, 20", "11, 4"})
    void nobodyNoticesAnyOfThem(int sourceMajor, int times) throws Exception {
        try (Servers servers = new Servers(sourceMajor, 18);
                Stage stage = Stage.open(servers)) {
            List<Database> turns = new ArrayList<>(List.of(stage.source()));
            List<Long> longest = new ArrayList<>();
            for (int time = 1; time <= times; time++) {
                Database from = turns.get(turns.size() - 1);
                Database to = stage.other(from);
                longest.add(cutOver(stage, to, "way_back_" + time));
                turns.add(to);
                stage.followBack(from, to, "way_back_" + time);
            }
            Verdict verdict = Scenarios.requireClean(stage, turns.toArray(Database[]::new));
            longest.sort(null);
            System.out.println(times + " cutovers; longest operation of each, ms: median "
                    + longest.get(times / 2) / 1_000.0 + ", worst " + longest.get(times - 1) / 1_000.0 + ", all "
                    + longest);
            Scenarios.requireUnnoticed(verdict);
        }
    }

    /** Returns how long the longest operation meanwhile took, in microseconds. */
    private static long cutOver(Stage stage, Database to, String slot) throws Exception {
        Command cutover = stage.command(stage.cutover(to, "--reverse-slot", slot));
        Scenarios.requireEnd(cutover, Scenarios.DONE);
        Aftermath.requireSwitchedTo(to, stage);
        List<Operation> meanwhile = stage.fleet().operations().stream()
                .filter(each -> each.startMicros() + each.micros() > cutover.startMicros())
                .toList();
        assertThat(meanwhile).isNotEmpty();
        Operation longest = Verdict.longest(meanwhile).orElseThrow();
        System.out.println("to " + to + ": longest " + longest + "; "
                + cutover.said().get(cutover.said().size() - 1));
        return longest.micros();
    }
}
