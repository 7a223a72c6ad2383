package dev.connectionregistry.admin.replication.postgres.follow;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.FollowResult.State;
import dev.connectionregistry.admin.replication.postgres.follow.FollowReader.Readings;
import dev.connectionregistry.admin.replication.postgres.follow.FollowReader.Slot;
import dev.connectionregistry.admin.replication.postgres.follow.FollowRound.Verdict;
import dev.connectionregistry.admin.replication.postgres.follow.ProvenSubscription.TargetSubscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds out which subscriptions of the target's database read from a slot of the source's database. A name proves
 * nothing: two pairs of servers may use the same names. So each subscription has to follow the source's log over
 * {@value FollowCandidate#ROUNDS} leaps of random size, see {@link FollowRound}. A restart of its worker, or of the
 * process that serves it, begins the rounds again.
 *
 * <p>Writes records to the source's log that change no data. On the source every role may do that; with
 * {@code pg_read_all_stats} it takes less time. It doesn't recognise a target that reads from a standby of the source,
 * through a slot whose name the source has too, with a reader of its own. For one thread.
 */
public final class FollowProof {
    /** Looks between nudges. */
    private static final int LOOKS = 8;

    private final FollowReader reader;

    /** Works over two sessions, which the caller closes. */
    public FollowProof(Session source, Session target) {
        this.reader = new FollowReader(source, target);
    }

    /**
     * All subscriptions of the target's database, by name. What can't be proven within {@code bound} is
     * {@link State#UNPROVEN}.
     *
     * @throws ServerException if a server can't be asked
     */
    public List<ProvenSubscription> look(Deadline bound) throws ServerException {
        Map<String, TargetSubscription> all = reader.subscriptions(bound);
        Map<String, Slot> slots = reader.slots(all.values(), bound);
        Map<String, ProvenSubscription> known = new LinkedHashMap<>();
        List<FollowCandidate> open = new ArrayList<>();
        all.values().forEach(each -> {
            Slot slot = slots.get(each.slot());
            FollowResult first = atFirstSight(each, slot);
            known.put(each.name(), new ProvenSubscription(each, first, ""));
            if (first.proven() && slot != null) {
                open.add(new FollowCandidate(each, slot));
            }
        });
        prove(open, bound);
        open.forEach(each -> known.put(each.name(), each.result()));
        return List.copyOf(known.values());
    }

    /**
     * The same; {@code before} is the result of an earlier look, which is still valid if no process has restarted
     * since.
     */
    public List<ProvenSubscription> look(List<ProvenSubscription> before, Deadline bound) throws ServerException {
        Readings now = reader.read(
                before.stream().map(ProvenSubscription::subscription).toList(), bound);
        boolean same = !before.isEmpty()
                && now.subscriptions().size() == before.size()
                && before.stream().allMatch(each -> each.isSame(now));
        return same ? before : look(bound);
    }

    /** What is clear without a round; {@code PROVEN} if the rounds must still prove it. */
    private static FollowResult atFirstSight(TargetSubscription subscription, @Nullable Slot slot) {
        String name = "\"" + subscription.slot() + "\"";
        if (slot == null) {
            String which = "reads from slot " + name + ", which is no logical slot of the source's database";
            return new FollowResult(State.ELSEWHERE, subscription.slot().isEmpty() ? "has no slot" : which);
        }
        if (!slot.plugin().equals("pgoutput")) {
            return new FollowResult(
                    State.REFUTED,
                    "names slot " + name + ", which on the source is one for " + slot.plugin()
                            + ", not for a subscription");
        }
        if (!subscription.enabled()) {
            return slot.reader() == 0 || !subscription.worker().isEmpty()
                    ? new FollowResult(State.DISABLED, "is disabled")
                    : new FollowResult(
                            State.REFUTED,
                            "is disabled, and another subscription reads from slot " + name + " of the source");
        }
        if (subscription.worker().isEmpty()) {
            return new FollowResult(State.UNPROVEN, "has no worker; see the log of the target");
        }
        return slot.reader() > 0
                ? FollowResult.PROVEN
                : new FollowResult(
                        State.UNPROVEN,
                        "is at work, but nobody is connected to slot " + name
                                + " on the source: it reads from another server, or can't log in; see the log of the target");
    }

    /**
     * A question that is cut off because the time is over is treated like one that is no longer asked: what is open
     * remains unproven.
     */
    private void prove(List<FollowCandidate> all, Deadline bound) throws ServerException {
        try {
            rounds(all, bound);
        } catch (ServerException e) {
            if (e.kind() != Kind.TIMED_OUT) {
                throw e;
            }
            all.forEach(each -> each.late(bound));
        }
    }

    private void rounds(List<FollowCandidate> all, Deadline bound) throws ServerException {
        long window = 0;
        while (all.stream().anyMatch(FollowCandidate::isOpen)) {
            Map<String, TargetSubscription> before = reader.subscriptions(bound);
            FollowRound round;
            try {
                round = reader.mark(window, bound);
            } catch (ServerException e) {
                requireSession(e);
                all.forEach(each -> each.unproven("can't be proven to read from it: " + e.getMessage()));
                return;
            }
            all.forEach(each -> each.begin(round, before.get(each.name())));
            window = finish(round, all, bound);
        }
    }

    private static void requireSession(ServerException e) throws ServerException {
        if (e.kind() == Kind.SESSION_LOST) {
            throw e;
        }
    }

    /** Reads until the round is over for all; returns how much the source wrote during the last reading. */
    private long finish(FollowRound round, List<FollowCandidate> all, Deadline bound) throws ServerException {
        long window = 0;
        for (int look = 1; all.stream().anyMatch(FollowCandidate::waits); look++) {
            Readings now =
                    reader.read(all.stream().map(FollowCandidate::subscription).toList(), bound);
            all.forEach(each -> each.judge(round, now));
            window = now.slots().values().stream()
                    .mapToLong(slot -> now.end() - slot.acknowledged())
                    .max()
                    .orElse(0);
            if (bound.passed()) {
                all.forEach(each -> each.late(bound));
            } else if (all.stream().anyMatch(FollowCandidate::waits)) {
                if (look % LOOKS == 0) {
                    reader.nudge(bound);
                }
                reader.pause(bound);
            }
        }
        return window;
    }

    /** What the target's subscriptions have received; to be read before a round begins. Immutable. */
    public static final class Received {
        private final Map<String, TargetSubscription> subscriptions;

        private Received(Map<String, TargetSubscription> subscriptions) {
            this.subscriptions = Map.copyOf(subscriptions);
        }

        private OptionalLong of(ProvenSubscription which) {
            TargetSubscription read = subscriptions.get(which.subscription().name());
            return read == null ? OptionalLong.empty() : read.received();
        }
    }

    /** Reads it. */
    public static Received received(Session target, Deadline bound) throws ServerException {
        return new Received(FollowReader.subscriptions(target, bound));
    }

    /**
     * Begins one more round for subscriptions that were proven before: what they then confirm, they confirm of this
     * source.
     *
     * @param before what they had received before this call
     * @throws ServerException {@code NOT_SO} if one is ahead of the source
     */
    public OneMore oneMore(List<ProvenSubscription> proven, Received before, Deadline bound) throws ServerException {
        FollowRound round = reader.shortMark(bound);
        for (ProvenSubscription each : proven) {
            requireNotAhead(each, round.before(before.of(each)));
        }
        return new OneMore(round, proven);
    }

    private static void requireNotAhead(ProvenSubscription each, Verdict verdict) throws ServerException {
        if (verdict == Verdict.AHEAD) {
            throw new ServerException(
                    Kind.NOT_SO,
                    "subscription \"" + each.subscription().name()
                            + "\" reads from another server than the source: it has"
                            + " received what the source never wrote",
                    null);
        }
    }

    /** A round that was begun by writing a record. */
    public final class OneMore {
        private final FollowRound round;
        private final List<ProvenSubscription> proven;
        /** The slots when all had confirmed the position, until they are judged. */
        private Optional<Map<String, Slot>> slots = Optional.empty();

        private OneMore(FollowRound round, List<ProvenSubscription> proven) {
            this.round = round;
            this.proven = proven;
        }

        /**
         * Where its record ends, such as {@code 0/16B3748}: after everything that was committed before the round began.
         */
        public String position() {
            return round.position();
        }

        /**
         * Whether all slots have confirmed that position, so that everything up to it is applied and on the target's
         * disk. If so, {@link #confirmed} judges by what this has read. To be asked in a call of the source's session.
         */
        public boolean isConfirmed(Deadline bound) throws SQLException {
            Map<String, Slot> now = reader.slotsInCall(subscriptions(), bound);
            for (ProvenSubscription each : proven) {
                Slot slot = now.get(each.subscription().slot());
                if (slot == null || !round.isConfirmed(slot.confirmed())) {
                    return false;
                }
            }
            slots = Optional.of(now);
            return true;
        }

        private List<TargetSubscription> subscriptions() {
            return proven.stream().map(ProvenSubscription::subscription).toList();
        }

        private Readings read(Deadline bound) throws ServerException {
            Readings now =
                    slots.isPresent() ? reader.readAfter(slots.get(), bound) : reader.read(subscriptions(), bound);
            slots = Optional.empty();
            return now;
        }

        /**
         * Requires, once the slots have confirmed everything, that it was these subscriptions that confirmed it. Proves
         * a subscription again if its worker has restarted since.
         *
         * @return these subscriptions, as they are proven now
         * @throws ServerException {@code NOT_SO} if it wasn't these, {@code TIMED_OUT} if that can't be proven within
         *     {@code bound}
         */
        public List<ProvenSubscription> confirmed(Deadline bound) throws ServerException {
            while (true) {
                Readings now = read(bound);
                if (!proven.stream().allMatch(each -> each.isStill(now))) {
                    return again(bound);
                }
                boolean fits = true;
                for (ProvenSubscription each : proven) {
                    Verdict verdict = each.verdict(round, now);
                    requireNotAhead(each, verdict);
                    fits &= verdict == Verdict.FITS;
                }
                if (fits) {
                    return proven;
                }
                if (bound.passed()) {
                    throw new ServerException(
                            Kind.TIMED_OUT,
                            "the slots have confirmed everything, but the subscriptions of " + reader.target()
                                    + " have not received it within "
                                    + bound.whole().toMillis() + " ms",
                            null);
                }
                reader.pause(bound);
            }
        }

        private List<ProvenSubscription> again(Deadline bound) throws ServerException {
            List<String> names =
                    proven.stream().map(each -> each.subscription().name()).toList();
            List<ProvenSubscription> now = look(bound).stream()
                    .filter(each -> names.contains(each.subscription().name()))
                    .toList();
            for (ProvenSubscription each : now) {
                if (!each.proven()) {
                    throw new ServerException(Kind.NOT_SO, each.words(), null);
                }
            }
            if (now.size() < names.size()) {
                throw new ServerException(Kind.NOT_SO, "of the subscriptions " + names + " some are gone", null);
            }
            return now;
        }
    }
}
