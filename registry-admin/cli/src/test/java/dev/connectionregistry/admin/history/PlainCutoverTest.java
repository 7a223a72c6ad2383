package dev.connectionregistry.admin.history;

import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Aftermath;
import dev.connectionregistry.admin.history.stage.Command;
import dev.connectionregistry.admin.history.stage.Servers;
import dev.connectionregistry.admin.history.stage.Stage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cutover in which nothing goes wrong, under sixteen writers. */
@Tag("history")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PlainCutoverTest {
    @ParameterizedTest(name = "from Postgres {0} to 18")
    @ValueSource(ints = {11, 17})
    void movesAWritingFleetAndNobodyNotices(int sourceMajor) throws Exception {
        try (Servers servers = new Servers(sourceMajor, 18);
                Stage stage = Stage.open(servers)) {
            Command cutover = stage.command(stage.cutover("--verify-table", "accounts"));
            Scenarios.requireEnd(cutover, Scenarios.DONE);
            System.out.println(cutover.said().get(cutover.said().size() - 1));
            Aftermath.requireSwitchedTo(stage.target(), stage);
            Verdict verdict = Scenarios.requireClean(stage, stage.source(), stage.target());
            Scenarios.requireUnnoticed(verdict);
        }
    }
}
