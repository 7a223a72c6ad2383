package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.StartChecks.refused;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Lets the server that was left follow the one that the services are on, from the slot that was made when both were equal. May be
 * interrupted anywhere and repeated.
 */
public final class ReverseReplication {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PROOF = Duration.ofSeconds(10);
    private static final Duration CONNECTS = Duration.ofSeconds(60);

    private final ReplicationContexts grounds;

    /** On {@code servers}. */
    @Inject
    public ReverseReplication(ReplicationServers servers, Timing timing) {
        this.grounds = new ReplicationContexts(servers, timing);
    }

    /**
     * Does it.
     *
     * @throws dev.connectionregistry.admin.common.OperationException if something is in the way, or the operator stops
     */
    public ReverseResult run(ReverseRequest request, SetupObserver talk) {
        return grounds.alone(request.pair(), "reverse", talk, ground -> {
            StartChecks.requireTwo(ground);
            String slot = new ReverseChecks(ground).require(request);
            StartChecks.tellWhoWrites(ground);
            StartChecks.tellOfTriggers(ground);
            int ended = endWayHere(ground);
            subscribe(ground, request, slot);
            awaitFollowing(ground, slot);
            ReplicationServer target = ground.target();
            int tables = ground.patience()
                    .gets("count the tables", target, () -> target.subscriptions()
                            .states(ground.names().main(), Patience.BOUND))
                    .size();
            return new ReverseResult(ground.names().main(), slot, tables, ended);
        });
    }

    /** First, or changes would run in a circle. Nothing is under way any more: the cutover waited for all of it. */
    private static int endWayHere(ReplicationContext ground) throws ServerException {
        FeedRemoval removal = new FeedRemoval(ground);
        List<Subscription> forward = ground.ours(ground.source());
        for (Subscription each : forward) {
            removal.subscription(ground.source(), each.name());
            ground.talk()
                    .say("ended subscription " + each.name() + " on "
                            + ground.source().endpoint());
        }
        for (Slot each : ground.slots(ground.target())) {
            if (ground.names().isOurs(each.name())) {
                removal.slot(ground.target(), each.name(), Optional.empty());
                ground.talk()
                        .say("dropped slot " + each.name() + " on "
                                + ground.target().endpoint());
            }
        }
        return forward.size();
    }

    private static void subscribe(ReplicationContext ground, ReverseRequest request, String slot)
            throws ServerException {
        ReplicationServer target = ground.target();
        String name = ground.names().main();
        SubscriberLogin login = StartChecks.untimed(ground, request.login());
        Optional<Subscription> there = ground.ours(target).stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
        if (there.isEmpty()) {
            ground.patience().does("make subscription " + name, target, () -> target.subscriptions()
                    .createFollowing(name, name, slot, login, Patience.BOUND));
        } else if (!there.get().enabled()) {
            ground.patience().does("tell subscription " + name + " how to log in", target, () -> target.subscriptions()
                    .connect(name, login, Patience.BOUND));
        }
        if (there.isEmpty() || !there.get().enabled()) {
            ground.patience().does("enable subscription " + name, target, () -> target.subscriptions()
                    .enable(name, Patience.BOUND));
        }
    }

    /** A connection to the slot isn't enough: it has to be that of this target. */
    private static void awaitFollowing(ReplicationContext ground, String slot) throws ServerException {
        long begun = ground.timing().nanoTime();
        String name = ground.names().main();
        FollowResult following = following(ground, name);
        while (!following.proven()) {
            if (ground.timing().nanoTime() - begun > CONNECTS.toNanos()) {
                throw refused(
                        "the subscription is made, but within " + CONNECTS.toSeconds() + " s it wasn't shown that "
                                + ground.target().endpoint() + " follows from slot " + slot + ": subscription " + name
                                + " "
                                + following.why(),
                        "its log says why (look for: logical replication apply worker); it goes on trying by itself");
            }
            ground.patience().pause(LOOK);
            following = following(ground, name);
        }
    }

    private static FollowResult following(ReplicationContext ground, String name) throws ServerException {
        return ground.patience().gets("see whether the subscription follows", ground.target(), () -> ground.target()
                .subscriptions()
                .following(name, ground.source(), PROOF));
    }

    /**
     * How replication is to be turned round.
     *
     * @param pair the source is where the services are now, the target the server that they left
     * @param slot the one that the cutover made on the source; empty for the usual one
     * @param login as what the target logs in to the source
     * @param trusts whether a publication that may be younger than the slot is taken all the same
     */
    public record ReverseRequest(ServerPair pair, Optional<String> slot, SubscriberLogin login, boolean trusts) {}

    /**
     * What follows now.
     *
     * @param subscription on the target
     * @param slot on the source
     * @param tables how many
     * @param ended how many subscriptions of the way here were ended
     */
    public record ReverseResult(String subscription, String slot, int tables, int ended) {}
}
