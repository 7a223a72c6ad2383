package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.history.stage.TransferStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A group with a reader moves, whose services have connections of two names at once, in both orders. */
@Tag("storm")
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupTransferTest extends SharedServers {
    GroupTransferTest() {
        super(17);
    }

    @BeforeAll
    void startStandbys() {
        servers().startStandbys();
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
