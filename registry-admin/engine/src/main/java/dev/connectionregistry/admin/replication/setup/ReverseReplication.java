package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;
import static dev.connectionregistry.admin.replication.setup.StartChecks.refused;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.FollowResult;
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
 * Makes the server that the fleet has left follow the one that the services are on, from the slot that was made when
 * both were equal. May be interrupted at any point and repeated.
 */
public final class ReverseReplication {
    private static final Duration LOOK = Duration.ofMillis(200);
    private static final Duration PROOF = Duration.ofSeconds(10);
    private static final Duration CONNECTS = Duration.ofSeconds(60);

    private final ReplicationContexts contexts;

    @Inject
    public ReverseReplication(ReplicationServers servers, Timing timing) {
        this.contexts = new ReplicationContexts(servers, timing);
    }

    /**
     * Sets up the way back.
     *
     * @throws dev.connectionregistry.admin.common.OperationException if something is in the way, or the operator stops
     */
    public ReverseResult run(ReverseRequest request, SetupObserver observer) {
        return contexts.alone(request.pair(), "reverse", observer, context -> {
            StartChecks.requireTwo(context);
            String slot = new ReverseChecks(context).require(request);
            StartChecks.tellWhoWrites(context);
            StartChecks.tellOfTriggers(context);
            int ended = endWayHere(context);
            subscribe(context, request, slot);
            awaitFollowing(context, slot);
            String name = context.names().main();
            return new ReverseResult(name, slot, context.target().tablesOf(name).size(), ended);
        });
    }

    /**
     * Ends the replication that led to the source. This must come first, or changes would run in a circle. No change is
     * still on its way, since the cutover waited for all of them.
     */
    private static int endWayHere(ReplicationContext context) throws ServerException {
        FeedRemoval removal = new FeedRemoval(context.timing(), context.observer());
        List<Subscription> forward = context.ours(context.source());
        for (Subscription each : forward) {
            removal.subscription(context.source(), each.name());
            context.observer()
                    .say("ended subscription " + each.name() + " on "
                            + context.source().endpoint());
        }
        for (Slot each : context.target().slots()) {
            if (context.names().isOurs(each.name())) {
                removal.slot(context.target(), each.name(), Optional.empty());
                context.observer()
                        .say("dropped slot " + each.name() + " on "
                                + context.target().endpoint());
            }
        }
        return forward.size();
    }

    private static void subscribe(ReplicationContext context, ReverseRequest request, String slot)
            throws ServerException {
        PatientServer target = context.target();
        String name = context.names().main();
        SubscriberLogin login = StartChecks.untimed(context, request.login());
        Optional<Subscription> there = context.ours(target).stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
        if (there.isEmpty()) {
            target.change("make subscription " + name, asked -> asked.subscriptions()
                    .createFollowing(name, name, slot, login, BOUND));
        } else if (!there.get().enabled()) {
            target.change("tell subscription " + name + " how to log in", asked -> asked.subscriptions()
                    .connect(name, login, BOUND));
        }
        if (there.isEmpty() || !there.get().enabled()) {
            target.change("enable subscription " + name, asked -> asked.subscriptions()
                    .enable(name, BOUND));
        }
    }

    /** A connection to the slot isn't enough: it must be this target's. */
    private static void awaitFollowing(ReplicationContext context, String slot) throws ServerException {
        long begun = context.timing().nanoTime();
        String name = context.names().main();
        FollowResult following = following(context, name);
        while (!following.proven()) {
            if (context.timing().nanoTime() - begun > CONNECTS.toNanos()) {
                throw refused(
                        "the subscription is made, but within " + CONNECTS.toSeconds() + " s it wasn't proven that "
                                + context.target().endpoint() + " follows from slot " + slot + ": subscription " + name
                                + " "
                                + following.why(),
                        "its log says why (look for: logical replication apply worker); it keeps trying by itself");
            }
            context.pause(LOOK);
            following = following(context, name);
        }
    }

    private static FollowResult following(ReplicationContext context, String name) throws ServerException {
        return context.target().ask("see whether the subscription follows", target -> target.subscriptions()
                .following(name, context.source().server(), PROOF));
    }

    /**
     * How to reverse replication.
     *
     * @param pair the source is where the services are now, the target the server that they left
     * @param slot the slot that the cutover made on the source; empty for the usual name
     * @param login the login of the target to the source
     * @param trusts whether a publication that may be younger than the slot is accepted
     */
    public record ReverseRequest(ServerPair pair, Optional<String> slot, SubscriberLogin login, boolean trusts) {}

    /**
     * What follows now.
     *
     * @param subscription its name on the target
     * @param slot the name of its slot on the source
     * @param tables how many tables follow
     * @param ended how many subscriptions that led to the source were ended
     */
    public record ReverseResult(String subscription, String slot, int tables, int ended) {}
}
