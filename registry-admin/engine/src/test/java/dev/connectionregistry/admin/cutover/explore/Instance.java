package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.explore.Writer.Server;
import dev.connectionregistry.internal.DecidedClient;
import dev.connectionregistry.internal.DecidedClient.Wish;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.ConnectionSettings;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import org.jspecify.annotations.Nullable;

/**
 * One instance: the real decisions, and what has become of what they asked for. Immutable.
 *
 * @param client the decisions
 * @param pools those that are opening, open or serving
 * @param serving the pool that callers are sent to; 0 for none
 * @param gateClosed whether callers wait
 * @param draining whether it is still to be told that nothing is in use
 * @param limit the version whose time limit at the gate runs; 0 for none
 * @param untold whether listeners are still to be told
 * @param retry the version for which a refused pool is tried again; 0 for none
 * @param saved the version of the settings that it would start from without a registry; 0 for none
 * @param savedSettings those settings
 */
record Instance(
        DecidedClient client,
        List<Pool> pools,
        long serving,
        boolean gateClosed,
        boolean draining,
        long limit,
        boolean untold,
        long retry,
        long saved,
        @Nullable ConnectionSettings savedSettings) {

    /** A pool. */
    record Pool(long generation, Server server, boolean open) {}

    static Instance starting(long saved, @Nullable ConnectionSettings settings) {
        DecidedClient client = DecidedClient.starting(saved, settings);
        return new Instance(client, List.of(), 0, false, false, 0, false, 0, saved, settings);
    }

    /** What becomes of it when it decided this. */
    Instance after(DecidedClient.Decided decided) {
        Parts parts = new Parts(this);
        decided.wishes().forEach(parts::carryOut);
        return parts.failed ? starting(saved, savedSettings) : parts.whole(decided.client());
    }

    Instance withOpen(long generation) {
        List<Pool> opened = pools.stream()
                .map(pool -> pool.generation() == generation ? new Pool(generation, pool.server(), true) : pool)
                .toList();
        return new Instance(client, opened, serving, gateClosed, draining, limit, untold, retry, saved, savedSettings);
    }

    Instance withoutPool(long generation) {
        List<Pool> others =
                pools.stream().filter(pool -> pool.generation() != generation).toList();
        return new Instance(client, others, serving, gateClosed, draining, limit, untold, retry, saved, savedSettings);
    }

    /** With nothing more to come of this: the time limit, the retry, the listeners, the drain, if so. */
    Instance without(boolean theLimit, boolean theRetry, boolean theListeners, boolean theDrain) {
        return new Instance(
                client,
                pools,
                serving,
                gateClosed,
                draining && !theDrain,
                theLimit ? 0 : limit,
                untold && !theListeners,
                theRetry ? 0 : retry,
                saved,
                savedSettings);
    }

    /** The same with pools numbered 1, 2, ... in their order, and time limits gone that can't open anything any more. */
    Instance levelled() {
        SortedSet<Long> used = client.generations();
        pools.forEach(pool -> used.add(pool.generation()));
        Map<Long, Long> numbers = new HashMap<>();
        used.forEach(generation -> numbers.put(generation, numbers.size() + 1L));
        List<Pool> renumbered = pools.stream()
                .map(pool -> new Pool(number(numbers, pool.generation()), pool.server(), pool.open()))
                .toList();
        return new Instance(
                client.levelled(numbers),
                renumbered,
                serving == 0 ? 0 : number(numbers, serving),
                gateClosed,
                draining,
                client.holds() ? limit : 0,
                untold,
                retry,
                saved,
                savedSettings);
    }

    private static long number(Map<Long, Long> numbers, long generation) {
        return numbers.getOrDefault(generation, 0L);
    }

    /** The server that callers get connections to now; null while they wait. */
    @Nullable
    Server handsOut() {
        return gateClosed ? null : serves();
    }

    /** The server of the pool that callers are sent to when the gate is open; null if there is none. */
    @Nullable
    Server serves() {
        return pools.stream()
                .filter(pool -> pool.generation() == serving)
                .map(Pool::server)
                .findAny()
                .orElse(null);
    }

    /** Carries wishes out, one after another. */
    private static final class Parts {
        private final List<Pool> pools;
        private long serving;
        private boolean gateClosed;
        private boolean draining;
        private long limit;
        private boolean untold;
        private long retry;
        private long saved;
        private @Nullable ConnectionSettings savedSettings;
        private long revealed; // the HOLD for which it proves that it is HELD; 0 for none
        private boolean failed;

        Parts(Instance from) {
            pools = new ArrayList<>(from.pools);
            serving = from.serving;
            gateClosed = from.gateClosed;
            draining = from.draining;
            limit = from.limit;
            untold = from.untold;
            retry = from.retry;
            saved = from.saved;
            savedSettings = from.savedSettings;
        }

        void carryOut(Wish wish) {
            switch (wish.kind()) {
                case READ, POLL -> {} // it may read at any time anyhow
                case REVEAL_HELD -> revealed = wish.version();
                case OPEN -> pools.add(new Pool(wish.generation(), Server.of(settings(wish)), false));
                case ABANDON, RETIRE -> pools.removeIf(pool -> pool.generation() == wish.generation());
                case PUBLISH -> publish(wish.generation());
                case HOLD -> gate(true);
                case RELEASE -> gate(false);
                case HOLD_UNTIL -> limit = wish.version();
                case RETRY -> retry = wish.version();
                case TELL -> untold = true;
                case SAVE -> save(wish);
                case FAIL_START -> failed = true;
            }
        }

        private static ConnectionSettings settings(Wish wish) {
            return Objects.requireNonNull(wish.settings());
        }

        private void publish(long generation) {
            if (pools.stream().noneMatch(pool -> pool.generation() == generation && pool.open())) {
                throw new Broken(Invariant.LAST_GOOD_WINS, "pool " + generation + " is to serve but isn't open");
            }
            serving = generation;
            gate(false);
        }

        private void gate(boolean closed) {
            gateClosed = closed;
            draining = closed;
        }

        private void save(Wish wish) {
            saved = wish.version();
            savedSettings = wish.settings();
        }

        Instance whole(DecidedClient client) {
            boolean held = client.reports() == InstanceState.HELD && client.acknowledged() == revealed;
            if (revealed != 0 && !(held && gateClosed == client.serves() && !draining)) {
                throw new Broken(Invariant.HELD_IS_IDLE, "it says HELD for version " + revealed + ", but is " + client);
            }
            return new Instance(
                    client,
                    List.copyOf(pools),
                    serving,
                    gateClosed,
                    draining,
                    limit,
                    untold,
                    retry,
                    saved,
                    savedSettings);
        }
    }
}
