package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Optional;

/**
 * One publication, its slot and its subscription, all of one name, made piece by piece: publication, subscription without a
 * connection, slot, then both are joined and set going. What is there is left as it is, so it can be repeated after an end at any
 * point.
 */
final class Feed {
    /** The server waits for transactions that are open, and says nothing meanwhile. */
    private static final Duration SLOT_BOUND = Duration.ofHours(2);

    private final ReplicationContext context;
    private final SubscriberLogin login;

    Feed(ReplicationContext context, SubscriberLogin login) {
        this.context = context;
        this.login = login;
    }

    /** Makes what is missing; {@code makePublication} makes the publication, which it is asked for first. */
    void ensure(String name, Patience.Act makePublication) throws ServerException {
        Optional<Subscription> before = subscription(name);
        ensurePublication(name, before, makePublication);
        if (before.isEmpty()) {
            target("make subscription " + name, server -> server.subscriptions()
                    .create(name, name, login, Patience.BOUND));
        } else if (!before.get().enabled()) {
            target("tell subscription " + name + " how to log in", server -> server.subscriptions()
                    .connect(name, login, Patience.BOUND));
        }
        ensureSlot(name, before);
        join(name);
    }

    /** A publication has to be older than its slot, or the server looks for it where it isn't yet. */
    private void ensurePublication(String name, Optional<Subscription> before, Patience.Act makePublication)
            throws ServerException {
        ReplicationServer source = context.source();
        if (ReplicationContext.publication(context.publications(source), name).isPresent()) {
            return;
        }
        if (context.slot(source, name).isPresent()) {
            requireNoTables(name, before, "publication " + name + " is gone from " + source.endpoint());
            new FeedRemoval(context)
                    .slot(source, name, before.isPresent() ? Optional.of(context.target()) : Optional.empty());
        }
        context.patience().does("make publication " + name, source, makePublication);
    }

    private void ensureSlot(String name, Optional<Subscription> before) throws ServerException {
        ReplicationServer source = context.source();
        Optional<Slot> slot = context.slot(source, name);
        if (slot.isPresent() && !slot.get().lost()) {
            return;
        }
        requireNoTables(
                name,
                before,
                "slot " + name + (slot.isPresent() ? " has lost WAL that it needs" : " is gone") + " on "
                        + source.endpoint() + ", and with it changes that "
                        + context.target().endpoint() + " doesn't have");
        if (slot.isPresent()) {
            new FeedRemoval(context).slot(source, name, Optional.of(context.target()));
        }
        context.patience()
                .does(
                        "make slot " + name + ", which waits for the transactions that are open there"
                                + oldestTransaction(source),
                        source,
                        () -> source.slots().create(name, SLOT_BOUND));
    }

    /** Before the slot is asked for, since the session is busy with it until they have ended. */
    private String oldestTransaction(ReplicationServer source) throws ServerException {
        return context.patience()
                .gets("look at open transactions", source, () -> source.slots().waitsFor(Patience.BOUND))
                .map(oldest -> " (the oldest is of " + oldest + " when this began)")
                .orElse("");
    }

    private void requireNoTables(String name, Optional<Subscription> before, String what) throws ServerException {
        if (before.isEmpty()) {
            return;
        }
        ReplicationServer target = context.target();
        boolean hasTables = !context.patience()
                .gets("look at subscription " + name, target, () -> target.subscriptions()
                        .states(name, Patience.BOUND))
                .isEmpty();
        if (hasTables) {
            throw new OperationException(
                    OperationException.Reason.FAILED,
                    what,
                    "end it with replication stop, empty its tables on the target, and start again");
        }
    }

    private void join(String name) throws ServerException {
        Subscription now = subscription(name)
                .orElseThrow(() -> new ServerException(
                        ServerException.Kind.NOT_SO,
                        "subscription " + name + " is gone again from "
                                + context.target().endpoint(),
                        null));
        if (!now.slot().equals(name)) {
            target("join subscription " + name + " and its slot", server -> server.subscriptions()
                    .useSlot(name, name, Patience.BOUND));
        }
        if (!now.enabled()) {
            target("enable subscription " + name, server -> server.subscriptions()
                    .enable(name, Patience.BOUND));
        }
    }

    private Optional<Subscription> subscription(String name) throws ServerException {
        return context.subscriptions(context.target()).stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
    }

    private interface OnServer {
        void run(ReplicationServer server) throws ServerException;
    }

    private void target(String what, OnServer act) throws ServerException {
        context.patience().does(what, context.target(), () -> act.run(context.target()));
    }
}
