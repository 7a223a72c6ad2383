package dev.connectionregistry.admin.replication.postgres.follow;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * One round of the proof, as a decision; pure.
 *
 * <p>The source writes a record of random size, which ends at {@code mark}. If the subscription reads from the slot,
 * this holds at any time: the subscription's worker has received what the slot's reader has acknowledged, and the
 * source has written what the worker has received. So three readings in this order, {@code acknowledged} from the
 * source, {@code received} from the target and {@code end} from the source, are in ascending order. The log of another
 * server would have to be between the first and the last, which are only as far apart as what the source writes within
 * a few milliseconds (nothing, if it is idle), and it would have to make the same leaps of random size.
 */
final class FollowRound {
    enum Verdict {
        /** Nothing yet: read again. */
        WAIT,
        /** This round fits. */
        FITS,
        /** The worker has received what the source had not written. */
        AHEAD,
        /** Some reader has acknowledged to the source what the worker has not received: refuted if that lasts. */
        OTHER_READER
    }

    private final long mark;

    /** A round whose record ends at {@code mark}. */
    FollowRound(long mark) {
        this.mark = mark;
    }

    /** Where its record ends, as the server writes it. */
    String position() {
        return Lsn.text(mark);
    }

    /** Judges what the worker had received before the record was written. */
    Verdict before(OptionalLong received) {
        return received.isPresent() && received.getAsLong() >= mark ? Verdict.AHEAD : Verdict.WAIT;
    }

    /** Whether everything up to the record's end is among what a slot's reader has confirmed: applied, and on disk. */
    boolean isConfirmed(long confirmed) {
        return confirmed >= mark;
    }

    /** Judges three readings that were taken one after the other, after the record was written. */
    Verdict after(long acknowledged, OptionalLong received, long end) {
        if (received.isPresent() && received.getAsLong() > end) {
            return Verdict.AHEAD;
        }
        if (acknowledged < mark) {
            return Verdict.WAIT;
        }
        return received.isPresent() && received.getAsLong() >= acknowledged ? Verdict.FITS : Verdict.OTHER_READER;
    }

    /** Positions in a server's log, as numbers of bytes. */
    static final class Lsn {
        private Lsn() {}

        /** As the server writes it: {@code 0/16B3748}. */
        static String text(long position) {
            return String.format(Locale.ROOT, "%X/%X", position >>> 32, position & 0xFFFF_FFFFL);
        }
    }
}
