package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.core.internal.follow.Reading;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import dev.connectionregistry.status.SettingsSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * In every state that random events lead to: a signal that proves a version has the consequences of reading that version, and any other
 * signal has none. Only when to read and to report next may differ.
 */
class AnnouncedAsReadTest extends CutoverScript {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final int WALKS = 300;
    private static final int STEPS = 40;
    /** As many versions beyond the one that was read are committed to. */
    private static final int AHEAD = 3;

    private final CommittedSecret known = CommittedSecret.random();
    private int compared;
    private int refused;
    private int closedGates;
    private int switched;

    @Test
    void aProvenSignalIsAReadAndAnyOtherIsNothing() {
        long seed = System.nanoTime();
        for (int walk = 0; walk < WALKS; walk++) {
            Random random = new Random(seed + walk);
            state = ClientState.starting(options(random));
            for (int step = 0; step < STEPS; step++) {
                happensAtRandom(random);
                compare("seed " + (seed + walk) + ", step " + step, random);
            }
        }
        assertThat(compared).as("proven signals").isGreaterThan(10_000);
        assertThat(refused).as("unproven signals").isGreaterThan(10_000);
        assertThat(closedGates).as("closed gates").isGreaterThan(100);
        assertThat(switched).as("switches onto the standby").isGreaterThan(100);
    }

    private static ClientState.StartOptions options(Random random) {
        return new ClientState.StartOptions(
                random.nextBoolean()
                        ? new SettingsToServe(1 + random.nextInt(3), SOURCE, SettingsSource.SNAPSHOT)
                        : null,
                "none",
                random.nextBoolean() ? SOURCE : null);
    }

    private void happensAtRandom(Random random) {
        now += random.nextInt(20_000_000);
        long generation = 1L + random.nextInt((int) state.nextGeneration());
        long version = state.known() + random.nextInt(3) - (random.nextInt(4) == 0 ? 1 : 0);
        switch (random.nextInt(20)) {
            case 0, 1, 2, 3, 4 -> reads(atRandom(Math.max(1, version), random));
            case 5, 6, 7 -> happens(new Event.GenerationOpened(state.nextGeneration() - 1));
            case 8 -> happens(new Event.GenerationOpened(generation));
            case 9 -> happens(new Event.GenerationRefused(generation, "refused"));
            case 10 -> happens(new Event.RetryDue(state.acknowledged()));
            case 11, 12 ->
                happens(new Event.Drained(
                        state.serving() == null ? 0 : state.serving().generation()));
            case 13 -> happens(new Event.ListenersTold("c-" + (1 + random.nextInt(2))));
            case 14 ->
                happens(new Event.HoldOverdue(
                        state.hold() == null ? 0 : state.hold().closedBy()));
            case 15 -> happens(new Event.PollDue());
            case 16 -> happens(new Event.SignalsWork("c-1", random.nextBoolean()));
            case 17 ->
                happens(random.nextBoolean() ? new Event.FenceMet(generation) : new Event.FenceLifted(generation));
            case 18 -> happens(random.nextBoolean() ? new Event.PasswordChanged(generation) : new Event.StartOverdue());
            default -> happens(new Event.AnnouncementUnread(state.signals().unread()));
        }
    }

    private ReadResult atRandom(long version, Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> found(version, SOURCE, null);
            case 1 -> found(version, TARGET, null);
            case 2 ->
                new ReadResult.Unreadable(new RegistryException(RegistryException.Kind.UNREACHABLE, "no answer", null));
            case 3 ->
                found(version, SOURCE.withPool(SOURCE.pool().withMaximumSize(20)), committed(version, 2, Phase.HOLD));
            case 4 -> found(version, settings("third"), committed(version, 1, Phase.PREPARE));
            case 5, 6 -> found(version, SOURCE, committed(version, 1 + random.nextInt(2), Phase.PREPARE));
            default -> found(version, SOURCE, committed(version, 1, Phase.HOLD));
        };
    }

    private Transition committed(long version, int run, Phase phase) {
        List<Commitment> commitments = new ArrayList<>();
        for (long next = version + 1; next <= version + AHEAD; next++) {
            for (Kind kind : Kind.values()) {
                commitments.add(known.commitTo(ORDERS, "c-" + run, kind, next));
            }
        }
        return new Transition("c-" + run, phase, TARGET, Duration.ofSeconds(5), commitments);
    }

    private void compare(String what, Random random) {
        ClientState before = state;
        for (Kind kind : Kind.values()) {
            for (long version = before.known() - 1; version <= before.known() + AHEAD + 1; version++) {
                if (version >= 1) {
                    compare(what + ", " + kind + " " + version, before, new Announcement(kind, version, known));
                    hasNoConsequences(
                            what + ", forged " + kind + " " + version,
                            before,
                            new Announcement(kind, version, CommittedSecret.random()));
                }
            }
        }
        state = before;
        if (random.nextInt(3) == 0) { // and go on from what a signal has led to
            Kind kind = List.of(Kind.values()).get(random.nextInt(Kind.values().length));
            happens(new Event.Announced(ORDERS, new Announcement(kind, before.known() + 1, known)));
        }
    }

    private void compare(String what, ClientState before, Announcement announcement) {
        Transition transition = before.transition().orElse(null);
        SettingsToServe newest = before.newest();
        if (transition == null
                || newest == null
                || announcement.version() <= before.known()
                || !announcement.isProvenBy(ORDERS, transition)) {
            hasNoConsequences(what, before, announcement);
            return;
        }
        state = before;
        List<Effect> signalled = happens(new Event.Announced(ORDERS, announcement));
        ClientState after = state;
        AnnouncedContent content =
                AnnouncedContent.of(announcement.kind(), announcement.version(), newest.settings(), transition);
        state = before;
        List<Effect> read = reads(found(
                announcement.version(), content.settings(), content.transition().orElse(null)));
        assertThat(apartFromReading(after)).as(what).isEqualTo(apartFromReading(state));
        assertThat(apartFromReading(signalled)).as(what).isEqualTo(apartFromReading(read));
        compared++;
        closedGates += signalled.stream().anyMatch(Effect.Hold.class::isInstance) ? 1 : 0;
        switched += signalled.stream().anyMatch(Effect.Publish.class::isInstance) ? 1 : 0;
    }

    private void hasNoConsequences(String what, ClientState before, Announcement announcement) {
        state = before;
        List<Effect> effects = happens(new Event.Announced(ORDERS, announcement));
        assertThat(apartFromReading(effects)).as(what).isEmpty();
        assertThat(state.withReading(before.reading())).as(what).isEqualTo(before);
        refused++;
    }

    private static ClientState apartFromReading(ClientState any) {
        return any.withReading(Reading.FIRST).withSignals(Signals.NONE);
    }

    /** What is done about pools, gate, listeners, snapshot and coordinator, in its order; when to read and report is left out. */
    private static List<Effect> apartFromReading(List<Effect> effects) {
        return effects.stream()
                .filter(effect -> !(effect instanceof Effect.Read)
                        && !(effect instanceof Effect.PollAfter)
                        && !(effect instanceof Effect.ReportsWait)
                        && !(effect instanceof Effect.ReadWithin)
                        && !(effect instanceof Effect.Log))
                .toList();
    }
}
