package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.FailureReasons;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.ServerErrorText;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.PublishedTable;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SlotFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableProgress;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import dev.connectionregistry.admin.replication.verify.TableChoice;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.TableName;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Looks at replication, once or again and again. Thread-safe. */
public final class ReplicationWatch {
    private static final Duration BOUND = Duration.ofSeconds(10);
    /** More than the five seconds after which a failed worker is restarted. */
    private static final Duration PATIENCE = Duration.ofSeconds(7);

    private static final Duration BETWEEN = Duration.ofMillis(400);

    private final ReplicationView.Opener opener;
    private final FailureReasons.Opener reasons;
    private final Timing timing;
    private final CommandText commands;

    @Inject
    public ReplicationWatch(
            ReplicationView.Opener opener, FailureReasons.Opener reasons, Timing timing, CommandText commands) {
        this.opener = opener;
        this.reasons = reasons;
        this.timing = timing;
        this.commands = commands;
    }

    /**
     * The status now. Takes a few seconds more if a worker may be failing, which one look doesn't show.
     *
     * @param talk receives why it takes longer
     * @throws OperationException if a server can't be asked
     */
    public StatusReport once(ServerPair pair, StatusOptions options, Consumer<String> talk) {
        Looks looks = new Looks(pair, options);
        try (ReplicationView view = opener.open(pair, BOUND)) {
            long start = timing.nanoTime();
            ReplicationFacts facts = looks.look(view);
            if (looks.wantsAnother(facts) && timing.pause(BETWEEN)) {
                facts = looks.look(view);
            }
            if (WorkerHistory.suspicious(facts)) {
                talk.accept("a worker may be failing: looking for " + PATIENCE.toSeconds() + " s whether it does");
            }
            while (WorkerHistory.suspicious(facts)
                    && !looks.certain(facts)
                    && timing.nanoTime() - start < PATIENCE.toNanos()
                    && timing.pause(BETWEEN)) {
                facts = looks.look(view);
            }
            return looks.report(facts);
        } catch (ServerException e) {
            throw ServerErrorText.told(e);
        }
    }

    /**
     * Looks again and again until the operator stops it.
     *
     * @param more is asked after each look whether to go on
     * @param outage receives the error if a server can't be asked; the look is then repeated
     * @throws OperationException if even the first look fails
     */
    public void watch(
            ServerPair pair,
            StatusOptions options,
            Duration interval,
            Consumer<StatusReport> show,
            Consumer<String> outage,
            BooleanSupplier more) {
        Looks looks = new Looks(pair, options);
        boolean seen = false;
        @Nullable ReplicationView view = null;
        try {
            do {
                try {
                    view = view == null ? opener.open(pair, BOUND) : view;
                    show.accept(looks.report(looks.look(view)));
                    seen = true;
                } catch (ServerException e) {
                    view = close(view);
                    if (!seen) {
                        throw ServerErrorText.told(e);
                    }
                    outage.accept(String.valueOf(e.getMessage()));
                }
            } while (timing.pause(interval) && more.getAsBoolean());
        } finally {
            close(view);
        }
    }

    private static @Nullable ReplicationView close(@Nullable ReplicationView view) {
        if (view != null) {
            view.close();
        }
        return null;
    }

    /** What is kept between looks; for one thread. */
    private final class Looks {
        private final ServerPair pair;
        private final StatusOptions options;
        private final LagClock clock = new LagClock();
        private final WorkerHistory history = new WorkerHistory();
        private final FailureCauses causes;

        Looks(ServerPair pair, StatusOptions options) {
            this.pair = pair;
            this.options = options;
            this.causes = new FailureCauses(reasons, timing, pair);
        }

        ReplicationFacts look(ReplicationView view) throws ServerException {
            ReplicationFacts facts = view.look(BOUND);
            long now = timing.nanoTime();
            clock.note(now, facts.position());
            history.note(now, facts);
            return facts;
        }

        /** Whether looking longer wouldn't change the result. */
        boolean certain(ReplicationFacts facts) {
            return facts.subscriptions().stream()
                    .anyMatch(each -> history.newErrors(each) > 0 || history.comesAndGoes(each));
        }

        StatusReport report(ReplicationFacts facts) {
            Map<String, Duration> delays = delays(facts);
            Set<TableName> leftOut = leftOut(facts);
            ReplicationNames names = ReplicationNames.of(pair.database()).between(facts.source(), facts.target());
            AfterCutover after = new AfterCutover(facts, names, pair, commands);
            List<Problem> problems = new Diagnosis(
                            facts,
                            history,
                            delays,
                            options,
                            names,
                            after,
                            causes.of(FailureCauses.troubles(facts, history)))
                    .problems(leftOut::contains);
            List<String> ours = facts.subscriptions().stream()
                    .map(SubscriptionFacts::name)
                    .filter(names::isOurs)
                    .toList();
            return new StatusReport(pair, facts, delays, ours, problems);
        }

        private Set<TableName> leftOut(ReplicationFacts facts) {
            List<TableName> known = Stream.of(
                            facts.uncovered().stream(),
                            facts.published().stream().map(PublishedTable::table),
                            facts.tables().stream().map(TableProgress::table))
                    .flatMap(each -> each)
                    .distinct()
                    .toList();
            return new TableChoice(known).all(options.except());
        }

        private Map<String, Duration> delays(ReplicationFacts facts) {
            Map<String, Duration> delays = new HashMap<>();
            facts.slots().forEach(each -> delay(each, facts).ifPresent(delay -> delays.put(each.name(), delay)));
            return delays;
        }

        /**
         * The delay that was measured here, or else the one that the server reports. That one relies on what the reader
         * has reported: it is outdated if the worker is held up, and if it is missing, that doesn't mean that there is
         * no delay.
         */
        private Optional<Duration> delay(SlotFacts slot, ReplicationFacts facts) {
            if (slot.behind().orElse(1) == 0) {
                return Optional.of(Duration.ZERO);
            }
            Optional<Duration> measured =
                    slot.confirmed().isPresent() ? clock.behind(slot.confirmed().getAsLong()) : Optional.empty();
            return Stream.of(measured, slot.delay(), facts.heldUp(slot.name()))
                    .flatMap(Optional::stream)
                    .max(Comparator.naturalOrder());
        }

        /** Whether a slot is behind but one look can't tell for how long. */
        boolean wantsAnother(ReplicationFacts facts) {
            return facts.slots().stream()
                    .filter(each -> facts.subscriptions().stream()
                            .anyMatch(one -> one.slot().equals(each.name())))
                    .anyMatch(each -> delay(each, facts).isEmpty());
        }
    }

    /**
     * What counts as healthy. Immutable.
     *
     * @param except tables that are left out on purpose, as people write them
     * @param maxLag how many bytes the target may be behind
     * @param maxDelay how long it may be behind
     */
    public record StatusOptions(List<String> except, long maxLag, Duration maxDelay) {
        public StatusOptions {
            except = List.copyOf(except);
        }
    }
}
