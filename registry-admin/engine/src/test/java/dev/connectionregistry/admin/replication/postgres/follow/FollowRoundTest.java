package dev.connectionregistry.admin.replication.postgres.follow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.postgres.follow.FollowRound.Verdict;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FollowRoundTest {
    private final FollowRound round = new FollowRound(1000);

    @Test
    void fitsWhenWhatWasAcknowledgedWasReceivedAndWhatWasReceivedWasWritten() {
        assertThat(round.after(1000, OptionalLong.of(1000), 1000)).isEqualTo(Verdict.FITS);
        assertThat(round.after(1000, OptionalLong.of(1008), 1016)).isEqualTo(Verdict.FITS);
    }

    @Test
    void waitsWhileTheRecordIsNotAcknowledged() {
        assertThat(round.before(OptionalLong.empty())).isEqualTo(Verdict.WAIT);
        assertThat(round.before(OptionalLong.of(999))).isEqualTo(Verdict.WAIT);
        assertThat(round.after(999, OptionalLong.of(999), 1016)).isEqualTo(Verdict.WAIT);
        assertThat(round.after(999, OptionalLong.of(1008), 1016)).isEqualTo(Verdict.WAIT);
    }

    @Test
    void isConfirmedOnceEverythingUpToTheRecordIs() {
        assertThat(round.isConfirmed(999)).isFalse();
        assertThat(round.isConfirmed(1000)).isTrue();
    }

    @Test
    void refusesAWorkerThatIsAheadOfTheSource() {
        assertThat(round.before(OptionalLong.of(1000))).isEqualTo(Verdict.AHEAD);
        assertThat(round.after(0, OptionalLong.of(1017), 1016)).isEqualTo(Verdict.AHEAD);
        assertThat(round.after(1000, OptionalLong.of(1017), 1016)).isEqualTo(Verdict.AHEAD);
    }

    @Test
    void suspectsAnotherReaderWhereTheWorkerLacksWhatWasAcknowledged() {
        assertThat(round.after(1008, OptionalLong.of(1000), 1016)).isEqualTo(Verdict.OTHER_READER);
        assertThat(round.after(1000, OptionalLong.empty(), 1016)).isEqualTo(Verdict.OTHER_READER);
    }

    /** An idle source leaves the foreign log one position out of all, four times. */
    @Test
    void noRunningLogOfAnotherServerFitsFourLeapsOfAnIdleSource() {
        Random random = new Random(4711);
        int fooled = 0;
        for (int trial = 0; trial < 20_000; trial++) {
            fooled += isFooled(random) ? 1 : 0;
        }
        assertThat(fooled).isZero();
    }

    /** The foreign log begins just before the first record, and goes on in steps that bring it past each record within reach. */
    private static boolean isFooled(Random random) {
        long source = 1_000_000;
        long foreign = source - 8L * random.nextInt(1000);
        for (int leap = 0; leap < FollowCandidate.ROUNDS; leap++) {
            source += 64 + 8L * random.nextInt(8192);
            FollowRound round = new FollowRound(source - 56);
            if (round.before(OptionalLong.of(foreign)) == Verdict.AHEAD) {
                return false;
            }
            Verdict verdict;
            do {
                foreign += 8L * (1 + random.nextInt(64));
                verdict = round.after(source, OptionalLong.of(foreign), source);
            } while (verdict == Verdict.WAIT || verdict == Verdict.OTHER_READER);
            if (verdict == Verdict.AHEAD) {
                return false;
            }
        }
        return true;
    }
}
