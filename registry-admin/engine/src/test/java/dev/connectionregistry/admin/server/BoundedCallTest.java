package dev.connectionregistry.admin.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class BoundedCallTest {
    private static final Duration LONG = Duration.ofSeconds(30);

    @Test
    void runsOnADaemonThreadOfTheGivenName() throws Exception {
        BoundedCall<String, RuntimeException> call = BoundedCall.start(
                "a-call",
                () -> Thread.currentThread().getName() + " "
                        + Thread.currentThread().isDaemon());
        assertThat(call.get(LONG)).isEqualTo("a-call true");
        assertThat(call.result()).as("asked again").isEqualTo("a-call true");
    }

    @Test
    void goesOnAfterAWaitThatTimedOut() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        BoundedCall<String, InterruptedException> call = BoundedCall.start("gated-call", () -> {
            gate.await();
            return "at last";
        });
        assertThatThrownBy(() -> call.get(Duration.ofMillis(1))).isInstanceOf(TimeoutException.class);
        assertThat(call.hasEnded()).isFalse();
        assertThatThrownBy(call::result).isInstanceOf(IllegalStateException.class);
        gate.countDown();
        assertThat(call.get(LONG)).isEqualTo("at last");
    }

    @Test
    void throwsWhatTheCallThrows() throws Exception {
        for (Throwable each :
                new Throwable[] {new IOException("x"), new IllegalArgumentException("y"), new Error("z")}) {
            BoundedCall<String, Exception> call = BoundedCall.start("failing-call", () -> {
                if (each instanceof Exception exception) {
                    throw exception;
                }
                throw (Error) each;
            });
            assertThat(call.awaitEnd(LONG)).isTrue();
            assertThatThrownBy(call::result).isSameAs(each);
        }
    }

    @Test
    void anInterruptedWaitLeavesTheCallToItsOwnerWhoInterruptsIt() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        BoundedCall<String, InterruptedException> call = BoundedCall.start("endless-call", () -> {
            never.await();
            return "";
        });
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> call.awaitEnd(LONG)).isInstanceOf(InterruptedException.class);
        assertThat(call.hasEnded()).isFalse();
        call.interrupt();
        assertThatThrownBy(() -> call.get(LONG)).isInstanceOf(InterruptedException.class);
        assertThat(call.hasEnded()).isTrue();
    }

    @Test
    void closingWaitsAndThenInterruptsACallAlsoInAnInterruptedThread() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        BoundedCall<String, InterruptedException> call = BoundedCall.start("endless-call", () -> {
            never.await();
            return "";
        });
        long begun = System.nanoTime();
        Thread.currentThread().interrupt();
        call.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isGreaterThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(Thread.interrupted()).as("still interrupted").isTrue();
        assertThatThrownBy(() -> call.get(LONG)).isInstanceOf(InterruptedException.class);
    }
}
