package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.internal.DecidedClient;
import dev.connectionregistry.internal.DecidedClient.Decided;
import dev.connectionregistry.internal.DecidedClient.Kind;
import dev.connectionregistry.internal.DecidedClient.Wish;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What holds of every state that an instance can be in, whatever the rest of the world does. */
final class InstanceInvariants {
    private static final Set<Kind> HARMLESS = EnumSet.of(Kind.READ, Kind.POLL);
    private static final long NO_SUCH_POOL = 99;

    private InstanceInvariants() {}

    static void check(Instance instance, List<Secret> committed, Set<Mutation> mutations) {
        gateIsAsBelieved(instance);
        gateIsBounded(instance);
        if (instance.serving() != 0) {
            uselessAnswersChangeNothing(instance, mutations);
        }
        hintsAndPastEventsChangeNothing(instance);
        AnnouncementInvariants.check(instance, committed);
    }

    private static void gateIsAsBelieved(Instance instance) {
        boolean believed = instance.client().holds() && instance.client().serves();
        if (believed != instance.gateClosed()) {
            throw new Broken(Invariant.BOUNDED_HOLD, "the gate isn't as the client believes: " + instance);
        }
    }

    private static void gateIsBounded(Instance instance) {
        if (!instance.client().holds()) {
            return;
        }
        if (instance.limit() == 0) {
            throw new Broken(Invariant.BOUNDED_HOLD, "a closed gate without a time limit: " + instance);
        }
        Instance after = instance.after(instance.client().holdOverdue(instance.limit()));
        boolean opens = after.serving() == 0 ? !after.pools().isEmpty() : after.handsOut() != null;
        if (after.client().holds() || !opens) {
            throw new Broken(Invariant.BOUNDED_HOLD, "the time limit doesn't open the gate: " + instance);
        }
    }

    private static void uselessAnswersChangeNothing(Instance instance, Set<Mutation> mutations) {
        DecidedClient client = instance.client();
        unchanged(instance, "an absent answer", client.read(new ReadResult.Absent(Optional.empty())));
        unchanged(instance, "a malformed answer", client.read(new ReadResult.Malformed(Optional.of(7L), "nonsense")));
        unchanged(
                instance,
                "no answer",
                client.read(new ReadResult.Unreadable(
                        new RegistryException(RegistryException.Kind.UNREACHABLE, "gone", null))));
        int newer = mutations.contains(Mutation.BELIEVES_OLDER_READS) ? 2 : 0;
        int known = Math.toIntExact(client.acknowledged());
        for (Content content : Content.values()) {
            for (int version = Math.max(1, known - 2); version < known; version++) {
                unchanged(instance, "version " + version, client.read(content.as(version + newer)));
            }
            if (known > 0 && instance.saved() != known) { // else it may confirm that
                samePools(instance, "its version again", client.read(content.as(known)));
            }
        }
    }

    private static void hintsAndPastEventsChangeNothing(Instance instance) {
        DecidedClient client = instance.client();
        unchanged(instance, "a hint", client.signalled());
        unchanged(instance, "a drain of a pool that is gone", client.drained(NO_SUCH_POOL));
        unchanged(instance, "a refusal of a pool that is gone", client.refused(NO_SUCH_POOL));
        unchanged(instance, "a time limit that is past", client.holdOverdue(NO_SUCH_POOL));
        unchanged(instance, "word of another cutover", client.listenersTold("c-0"));
        Decided late = client.opened(NO_SUCH_POOL);
        if (!late.wishes().stream().allMatch(wish -> wish.kind() == Kind.ABANDON)) {
            throw new Broken(Invariant.LAST_GOOD_WINS, "a pool that was given up leads to " + late.wishes());
        }
    }

    private static void unchanged(Instance instance, String what, Decided decided) {
        samePools(instance, what, decided);
        sameClient(instance, what, decided, Invariant.LAST_GOOD_WINS);
    }

    static void sameClient(Instance instance, String what, Decided decided, Invariant invariant) {
        Map<Long, Long> same = new HashMap<>();
        instance.levelled().client().generations().forEach(generation -> same.put(generation, generation));
        instance.pools().forEach(pool -> same.put(pool.generation(), pool.generation()));
        if (!decided.client().levelled(same).equals(instance.client())) {
            throw new Broken(invariant, what + " changes " + instance.client() + " to " + decided.client());
        }
    }

    private static void samePools(Instance instance, String what, Decided decided) {
        for (Wish wish : decided.wishes()) {
            if (!HARMLESS.contains(wish.kind())) {
                throw new Broken(Invariant.LAST_GOOD_WINS, what + " leads to " + wish + " in " + instance);
            }
        }
    }
}
