package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.CoordinatorSignals.Heard;
import dev.connectionregistry.admin.cutover.CoordinatorSignals.HeldWatch;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.run.RunPhases.Written;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.core.internal.signal.HeldSignal;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The signals of a run, on a separate channel for each name; there are none until they are opened. For the
 * coordinator's thread.
 */
public final class RunSignals implements AutoCloseable {
    /** How long the first name alone is listened to before all are asked again: the others' signals wait no longer than that. */
    private static final Duration TURN = Duration.ofMillis(2);

    private final CutoverServers servers;
    private final RunSpec spec;
    private final Timing timing;
    private final Map<DatabaseName, CoordinatorSignals> byName = new LinkedHashMap<>();

    RunSignals(CutoverServers servers, RunSpec spec, Timing timing) {
        this.servers = servers;
        this.spec = spec;
        this.timing = timing;
    }

    /** Uses signals from now on, unless the operator wants none. */
    public void open() {
        if (byName.isEmpty() && spec.options().signals()) {
            for (GroupMember member : spec.members()) {
                byName.put(
                        member.name(),
                        servers.signals(
                                spec.options().targetAdmin().on(ServerLogin.of(server(member))),
                                member.transitionId()));
            }
        }
    }

    private ConnectionSettings server(GroupMember member) {
        return spec.signalServer(member).map(member.target()::withEndpoint).orElse(member.target());
    }

    /** Whether there are any. */
    public boolean areOpen() {
        return !byName.isEmpty();
    }

    /** On an announcement an instance acts at once; on a hint it reads the settings. */
    public void tell(List<Written> phases) {
        for (Written phase : phases) {
            of(phase.member().name())
                    .ifPresent(signals -> phase.announcement().ifPresentOrElse(signals::announce, signals::hint));
        }
    }

    /** Tells the instances of this name to read its settings. */
    public void hint(DatabaseName name) {
        of(name).ifPresent(CoordinatorSignals::hint);
    }

    private Optional<CoordinatorSignals> of(DatabaseName name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** No instance is missing any more: stops repeating what was sent last. */
    public void settled() {
        byName.values().forEach(CoordinatorSignals::settled);
    }

    /** As {@link CoordinatorSignals#watchHeld}, for all names. */
    HeldWatch watchHeld() {
        List<HeldWatch> watches =
                byName.values().stream().map(CoordinatorSignals::watchHeld).toList();
        return watches.size() == 1 ? watches.get(0) : new AllNames(watches, timing);
    }

    @Override
    public void close() {
        byName.values().forEach(CoordinatorSignals::close);
        byName.clear();
    }

    /** Asks all names again and again, until one of them has something to report. */
    private record AllNames(List<HeldWatch> watches, Timing timing) implements HeldWatch {
        @Override
        public Heard await(Duration atMost) throws InterruptedException {
            long end = timing.nanoTime() + atMost.toNanos();
            Duration turn = atMost.compareTo(TURN) < 0 ? atMost : TURN;
            Heard heard = Heard.NOTHING;
            do {
                for (HeldWatch watch : watches) {
                    heard = and(heard, watch.await(Duration.ZERO));
                }
                if (heard.equals(Heard.NOTHING)) {
                    heard = watches.get(0).await(turn);
                }
            } while (heard.equals(Heard.NOTHING) && timing.nanoTime() < end);
            return heard;
        }

        private static Heard and(Heard one, Heard other) {
            List<HeldSignal> held = new ArrayList<>(one.held());
            held.addAll(other.held());
            return new Heard(held, one.hints() + other.hints());
        }

        @Override
        public void close() {
            watches.forEach(HeldWatch::close);
        }
    }
}
