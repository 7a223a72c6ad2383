package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.history.stage.TransferStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group moves whose services have connections of two names at once, in both orders. */
@Tag("history")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupTransferTest extends SharedServers {
    GroupTransferTest() {
        super(17);
    }

    @Test
    void nobodyWaitsForEverAndTransfersBetweenTwoNamesAddUp() throws Exception {
        try (TransferStage stage = TransferStage.open(servers())) {
            Scenarios.requireEnd(stage.group().command(stage.group().cutover()), Scenarios.DONE);
            assertThat(stage.group().switched()).isTrue();
            stage.requireAddsUp();
            assertThat(stage.failed()).isEmpty();
        }
    }
}
