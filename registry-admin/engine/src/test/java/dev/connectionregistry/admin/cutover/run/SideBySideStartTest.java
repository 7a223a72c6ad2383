package dev.connectionregistry.admin.cutover.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.settings.Authorship;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work side by side of which a part can't even begin, as where a machine has no room for another thread. */
@Timeout(60)
class SideBySideStartTest {
    private final Stage stage = new Stage();
    private final RunSpec spec = Stage.run("c-1", Stage.options());
    private final CutoverRun run = CutoverRun.dry(
            spec,
            new CutoverRun.Tools(
                    stage.registry,
                    stage.registry,
                    stage.servers,
                    stage.timing,
                    new Authorship(() -> "alice", Clock.systemUTC())),
            stage.observer());

    private DatabaseRun database(List<GroupMember> members) {
        return new DatabaseRun(run, members, new RunServers(stage.servers, spec, spec.home()), List.of());
    }

    @Test
    void endsWhatHasBegunWhenThePartOfTheNextDatabaseCannotBegin() {
        DatabaseRun begins = database(List.of(spec.home()));
        DatabaseRun cannotBegin = database(List.of()); // its thread has no name

        assertThatThrownBy(() -> SideBySide.toTheEnd(List.of(begins, cannotBegin), run -> {
                    new CountDownLatch(1).await();
                    return "never";
                }))
                .isInstanceOf(IndexOutOfBoundsException.class);

        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .doesNotContain("cutover-" + spec.home().name()));
    }
}
