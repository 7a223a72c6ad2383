package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.explore.Writer.Server;
import dev.connectionregistry.internal.DecidedClient;
import dev.connectionregistry.internal.DecidedGates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every state that an instance was ever seen in, by number, and what follows from it. The decisions are pure, so each is asked
 * once and remembered. Each state is looked at once for what must hold of any. For one thread.
 */
final class Fleet {
    /** What a report can say that a coordinator waits for. Codes are values of {@link Field#REPORT}. */
    enum Says {
        NOTHING_OF_USE(0),
        READY(1),
        HELD(2),
        ACTIVE(3);

        private final int code;

        Says(int code) {
            this.code = code;
        }

        int code() {
            return code;
        }
    }

    private static final int ANNOUNCED = Field.VERSIONS * Content.COUNT;
    private static final int OPENED = ANNOUNCED + Secret.CODES;
    private static final int REFUSED = OPENED + 8;
    private static final int TOLD = REFUSED + 8;
    private static final int DRAINED = TOLD + 1;
    private static final int OVERDUE = DRAINED + 1;
    private static final int RETRY = OVERDUE + 1;
    private static final int START_OVERDUE = RETRY + 1;
    private static final int RESTART = START_OVERDUE + 1;
    private static final int EVENTS = RESTART + 1;

    private final Set<Mutation> mutations;
    private final boolean restarts;
    private final boolean slowListeners;
    private final List<Instance> states = new ArrayList<>();
    private final List<Facts> facts = new ArrayList<>();
    private final List<int[]> next = new ArrayList<>();
    private final Map<Instance, Integer> numbers = new HashMap<>();

    /**
     * What the search asks of a state again and again.
     *
     * @param serves where the pool that serves leads; null if none does
     * @param handsOut the same, if the gate is open
     * @param overdue whether the time limit has opened the gate
     * @param committed those secrets to which it has read commitments
     * @param opening the pools that are on their way
     * @param takes how it takes part in the run, for the other data source of its process
     */
    record Facts(
            @Nullable Server serves,
            @Nullable Server handsOut,
            boolean draining,
            boolean limited,
            boolean overdue,
            boolean untold,
            boolean retries,
            int newest,
            Says says,
            List<Secret> committed,
            List<Integer> opening,
            DecidedGates.Taking takes) {}

    /** Keeps what matters only to a new start, and listeners who take their time, only where the bounds have these. */
    Fleet(Bounds bounds) {
        this.mutations = bounds.mutations();
        this.restarts = bounds.ever(Fault.INSTANCE_RESTART);
        this.slowListeners = bounds.has(Bounds.Option.SLOW_LISTENERS);
    }

    /** Serving from the source, as version 1 says. */
    int serving() {
        int read = read(number(Instance.starting(0, null)), 1, Content.OLD);
        return opened(read, facts(read).opening().get(0));
    }

    Facts facts(int state) {
        return facts.get(state);
    }

    Instance state(int number) {
        return states.get(number);
    }

    int size() {
        return states.size();
    }

    /** It reads this version. */
    int read(int state, int version, Content content) {
        return follow(state, version * Content.COUNT + content.code(), () -> {
            boolean early = mutations.contains(Mutation.PUBLISHES_ON_PREPARE) && content == Content.PREPARE;
            return decided(state, states.get(state).client().read((early ? Content.NEW : content).as(version)));
        });
    }

    /** It hears the announcement that reveals this secret. */
    int announced(int state, Secret secret) {
        return follow(
                state,
                ANNOUNCED + secret.code(),
                () -> decided(state, states.get(state).client().announced(Secret.DATABASE, secret.announcement())));
    }

    int opened(int state, int generation) {
        return follow(state, OPENED + generation, () -> {
            Instance opened = states.get(state).withOpen(generation);
            return opened.after(opened.client().opened(generation));
        });
    }

    int refused(int state, int generation) {
        return follow(state, REFUSED + generation, () -> {
            Instance without = states.get(state).withoutPool(generation);
            return without.after(without.client().refused(generation));
        });
    }

    int told(int state) {
        return follow(state, TOLD, () -> listenersTold(states.get(state)));
    }

    private static Instance listenersTold(Instance instance) {
        Instance told = instance.without(false, false, true, false);
        return told.after(told.client().listenersTold(told.client().run()));
    }

    int drained(int state) {
        return follow(state, DRAINED, () -> {
            Instance drained = states.get(state).without(false, false, false, true);
            return drained.after(drained.client().drained(drained.serving()));
        });
    }

    int overdue(int state) {
        return follow(state, OVERDUE, () -> {
            Instance before = states.get(state);
            Instance fired = before.without(true, false, false, false);
            return fired.after(fired.client().holdOverdue(before.limit()));
        });
    }

    int retried(int state) {
        return follow(state, RETRY, () -> {
            Instance before = states.get(state);
            Instance fired = before.without(false, true, false, false);
            return fired.after(fired.client().retryDue(before.retry()));
        });
    }

    /** The registry can't be read for so long that it starts from what it kept. */
    int startOverdue(int state) {
        return follow(
                state,
                START_OVERDUE,
                () -> decided(state, states.get(state).client().startOverdue()));
    }

    /** It is killed and starts again. */
    int restarted(int state) {
        return follow(state, RESTART, () -> {
            Instance killed = states.get(state);
            return Instance.starting(killed.saved(), killed.savedSettings());
        });
    }

    private Instance decided(int state, DecidedClient.Decided decided) {
        return states.get(state).after(decided);
    }

    private int follow(int state, int event, Supplier<Instance> how) {
        int known = next.get(state)[event];
        if (known >= 0) {
            return known;
        }
        int number = number(how.get());
        next.get(state)[event] = number;
        return number;
    }

    private int number(Instance raw) {
        if (raw.untold() && !slowListeners) {
            return number(listenersTold(raw));
        }
        Instance mutated = mutations.contains(Mutation.NEVER_TIMES_OUT) ? raw.without(true, false, false, false) : raw;
        Instance kept = restarts ? mutated : forgetting(mutated);
        Instance levelled = kept.levelled();
        Integer known = numbers.get(levelled);
        if (known != null) {
            return known;
        }
        int number = states.size();
        numbers.put(levelled, number);
        states.add(levelled);
        Facts look = look(levelled);
        facts.add(look);
        int[] nowhere = new int[EVENTS];
        Arrays.fill(nowhere, -1);
        next.add(nowhere);
        InstanceInvariants.check(levelled, look.committed(), mutations);
        return number;
    }

    private static Instance forgetting(Instance from) {
        return new Instance(
                from.client(),
                from.pools(),
                from.serving(),
                from.gateClosed(),
                from.draining(),
                from.limit(),
                from.untold(),
                from.retry(),
                0,
                null);
    }

    private Facts look(Instance instance) {
        DecidedClient client = instance.client();
        return new Facts(
                instance.serves(),
                mutations.contains(Mutation.GATE_STAYS_OPEN) ? instance.serves() : instance.handsOut(),
                instance.draining(),
                instance.limit() != 0,
                client.overdue(),
                instance.untold(),
                instance.retry() != 0,
                Math.toIntExact(client.acknowledged()),
                says(client),
                committed(client),
                instance.pools().stream()
                        .filter(pool -> !pool.open())
                        .map(pool -> Math.toIntExact(pool.generation()))
                        .toList(),
                takes(instance));
    }

    private static DecidedGates.Taking takes(Instance instance) {
        if (!instance.client().inTransition() || instance.serves() == null) {
            return DecidedGates.Taking.NO_PART;
        }
        if (!instance.gateClosed()) {
            return DecidedGates.Taking.OPEN;
        }
        return instance.draining() ? DecidedGates.Taking.CLOSED : DecidedGates.Taking.HELD;
    }

    private static List<Secret> committed(DecidedClient client) {
        return client.commitments().stream()
                .flatMap(commitment -> Stream.ofNullable(Secret.to(commitment)))
                .toList();
    }

    /** As {@code FleetGoal} reads a report: ACTIVE counts if the pool that serves is the version's. */
    private static Says says(DecidedClient client) {
        return switch (client.reports()) {
            case READY -> Says.READY;
            case HELD -> Says.HELD;
            case ACTIVE -> client.served() == client.acknowledged() ? Says.ACTIVE : Says.NOTHING_OF_USE;
            default -> Says.NOTHING_OF_USE;
        };
    }
}
