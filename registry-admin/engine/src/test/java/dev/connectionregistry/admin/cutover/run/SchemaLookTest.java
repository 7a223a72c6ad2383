package dev.connectionregistry.admin.cutover.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.run.RunServers.Lane;
import dev.connectionregistry.admin.cutover.run.RunServers.QuestionName;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The look at the target's schema beside the coordinator: one session, for one thread at a time. */
@Timeout(60)
class SchemaLookTest {
    private static final QuestionName<String> DIGEST = new QuestionName<>("cutover-target-schema", String.class);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final RunSpec SPEC = Stage.run("c-1", Stage.options());

    private final RunServers servers = new RunServers(new FakeServers(new Script()), SPEC, SPEC.home());
    private final CountDownLatch answer = new CountDownLatch(1);

    @AfterEach
    void endTheLook() {
        answer.countDown();
        servers.close();
    }

    private String answered() {
        try {
            answer.await();
            return "digest";
        } catch (InterruptedException e) {
            return "interrupted";
        }
    }

    @Test
    void whoeverNeedsTheSessionWaitsForTheLook() throws Exception {
        AtomicInteger looks = new AtomicInteger();
        servers.ask(DIGEST, Lane.MAIN, (target, bound) -> answered() + looks.incrementAndGet(), LONG);
        servers.requireNoFailure(); // which waits for nothing
        assertThat(looks).hasValue(0);
        answer.countDown();
        servers.target(LONG);
        assertThat(looks).hasValue(1);
        assertThat(servers.answer(DIGEST, LONG)).contains("digest1");
        assertThat(servers.answer(DIGEST, LONG)).isEmpty();
    }

    @Test
    void aLookThatDoesNotEndCostsTheSessionButNoMoreThanTheTimeThatIsLeft() throws Exception {
        TargetServer before = servers.target(LONG);
        servers.ask(DIGEST, Lane.MAIN, (target, bound) -> answered(), LONG);
        assertThatThrownBy(() -> servers.target(Duration.ofMillis(20)))
                .isInstanceOfSatisfying(
                        ServerException.class, e -> assertThat(e.kind()).isEqualTo(Kind.TIMED_OUT))
                .hasMessageContaining("db2:5432/orders did not answer an earlier question within 20 ms");
        assertThat(servers.target(LONG)).isNotSameAs(before);
        assertThat(servers.answer(DIGEST, LONG)).isEmpty();
    }

    @Test
    void aLookThatHasFailedIsHeededBeforeItsAnswerIsNeeded() throws Exception {
        servers.ask(
                DIGEST,
                Lane.MAIN,
                (target, bound) -> {
                    throw new ServerException(Kind.NOT_SO, "takes no writes", null);
                },
                LONG);
        servers.target(LONG); // the look has ended then
        assertThatThrownBy(servers::requireNoFailure).hasMessage("takes no writes");
        assertThatThrownBy(() -> servers.answer(DIGEST, LONG)).hasMessage("takes no writes");
    }
}
