package dev.connectionregistry.samples.fleet.instance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class InstanceEventTest {

    @Test
    void comesBackAsItWasTold() {
        Done done = new Done(Work.TRANSACTION, 12, 34, 5432, UUID.randomUUID(), "");
        Done failed = new Done(Work.READ, 12, 34, 0, UUID.randomUUID(), "08006: gone,\nat line 2 – 100 %");
        Status status = new Status(99, 3, 5433, "ACTIVE");

        assertThat(InstanceEvent.parse(done.line())).isEqualTo(done);
        assertThat(InstanceEvent.parse(failed.line())).isEqualTo(failed);
        assertThat(failed.line()).doesNotContain("\n");
        assertThat(InstanceEvent.parse(status.line())).isEqualTo(status);
    }

    @Test
    void isNotGuessedFromHalfALine() {
        assertThatIllegalArgumentException().isThrownBy(() -> InstanceEvent.parse("done INSERT 12"));
        assertThatIllegalArgumentException().isThrownBy(() -> InstanceEvent.parse(""));
    }
}
