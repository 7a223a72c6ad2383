package dev.connectionregistry.admin.cutover.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.settings.Commitment.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SignalOutboxTest {
    private static final Announcement HOLD = new Announcement(Kind.HOLD, 4, CommittedSecret.random());
    private static final Announcement SWITCH = new Announcement(Kind.SWITCH, 5, CommittedSecret.random());

    private long now;
    private final SignalOutbox outbox = new SignalOutbox(now);
    private final List<String> sent = new ArrayList<>();

    /** Sends what is due at each moment at which something is, for so long. */
    private void run(Duration time) {
        long end = now + time.toNanos();
        while (true) {
            SignalOutbox.Due due = outbox.due(now);
            if (!due.texts().isEmpty()) {
                due.texts().forEach(text -> sent.add(Duration.ofNanos(now).toMillis() + " " + text));
                outbox.sent(due, now);
            } else if (now + outbox.untilDue(now).toNanos() <= end) {
                now += outbox.untilDue(now).toNanos();
            } else {
                now = end;
                return;
            }
        }
    }

    @Test
    void beatsEachSecondFromTheFirstMomentOn() {
        run(Duration.ofMillis(2_500));
        assertThat(sent).containsExactly("0 heartbeat", "1000 heartbeat", "2000 heartbeat");
    }

    @Test
    void repeatsWhatWasSaidLastUntilEverybodyIsThere() {
        outbox.announce(HOLD);
        run(Duration.ofMillis(2_100));
        outbox.settled();
        run(Duration.ofSeconds(1));
        assertThat(sent)
                .containsExactly(
                        "0 " + HOLD.text(),
                        "0 heartbeat",
                        "250 " + HOLD.text(),
                        "1000 " + HOLD.text(),
                        "1000 heartbeat",
                        "2000 " + HOLD.text(),
                        "2000 heartbeat",
                        "3000 heartbeat");
    }

    @Test
    void sendsEachAnnouncementInOrderAndRepeatsTheNewestOnly() {
        outbox.hint();
        outbox.hint();
        outbox.announce(HOLD);
        outbox.announce(SWITCH);
        run(Duration.ofMillis(300));
        assertThat(sent)
                .containsExactly("0 ", "0 " + HOLD.text(), "0 " + SWITCH.text(), "0 heartbeat", "250 " + SWITCH.text());
    }

    @Test
    void whatCouldNotBeSentIsStillDue() {
        outbox.announce(HOLD);
        SignalOutbox.Due lost = outbox.due(now);
        outbox.announce(SWITCH);
        assertThat(outbox.due(now)).isEqualTo(lost);
        run(Duration.ofMillis(10));
        assertThat(sent).containsExactly("0 " + HOLD.text(), "0 " + SWITCH.text(), "0 heartbeat");
    }

    @Test
    void aHintIsRepeatedTooAndIsNotTakenForTheRepeatOfAnEarlierOne() {
        outbox.hint();
        run(Duration.ofMillis(250));
        now = Duration.ofMillis(499).toNanos();
        outbox.hint();
        run(Duration.ofMillis(251));
        assertThat(sent).containsExactly("0 ", "0 heartbeat", "250 ", "499 ", "749 ");
    }

    @Test
    void aServerThatIsAwayForLongCostsNoMemory() {
        for (int version = 1; version <= 1_000; version++) {
            outbox.announce(new Announcement(Kind.HOLD, version, CommittedSecret.random()));
        }
        run(Duration.ofMillis(10));
        assertThat(sent).hasSizeLessThan(20).anyMatch(text -> text.startsWith("0 hold 1000 "));
    }
}
