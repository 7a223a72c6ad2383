package dev.connectionregistry.admin.history;

import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.history.stage.Stage;
import java.util.EnumSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The coordinator is killed after each of its steps, once for {@code resume} and once for {@code abort}. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledCoordinatorStormTest extends SharedServers {
    KilledCoordinatorStormTest() {
        super(17);
    }

    @ParameterizedTest(name = "after {0}, then {1}")
    @MethodSource("steps")
    void anHeirFinishesOrTakesBack(Step step, String how) throws Exception {
        try (Stage stage = Stage.open(servers())) {
            KilledCoordinator.play(stage, step, how);
        }
    }

    static Stream<Arguments> steps() {
        return EnumSet.range(Step.QUICKEN, Step.SWITCH).stream()
                .flatMap(step -> Stream.of("resume", "abort").map(how -> arguments(step, how)));
    }
}
