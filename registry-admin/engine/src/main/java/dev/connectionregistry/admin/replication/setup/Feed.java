package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Optional;

/**
 * One publication, its slot and its subscription, which share one name. They are made piece by piece: publication,
 * subscription without a connection, slot; then the last two are joined and started. Existing pieces stay as they are,
 * so this can be repeated after it was interrupted at any point.
 */
final class Feed {
    /** The server waits for open transactions, and says nothing meanwhile. */
    private static final Duration SLOT_BOUND = Duration.ofHours(2);

    private final ReplicationContext context;
    private final SubscriberLogin login;

    Feed(ReplicationContext context, SubscriberLogin login) {
        this.context = context;
        this.login = login;
    }

    /** Makes what is missing; {@code makePublication} makes the publication, which comes first. */
    void ensure(String name, PatientServer.Change makePublication) throws ServerException {
        Optional<Subscription> before = subscription(name);
        ensurePublication(name, before, makePublication);
        if (before.isEmpty()) {
            context.target().change("make subscription " + name, target -> target.subscriptions()
                    .create(name, name, login, BOUND));
        } else if (!before.get().enabled()) {
            context.target().change("tell subscription " + name + " how to log in", target -> target.subscriptions()
                    .connect(name, login, BOUND));
        }
        ensureSlot(name, before);
        join(name);
    }

    /**
     * A publication must be older than its slot, or the server looks for it at a position where it didn't exist yet.
     */
    private void ensurePublication(String name, Optional<Subscription> before, PatientServer.Change makePublication)
            throws ServerException {
        PatientServer source = context.source();
        if (source.publication(name).isPresent()) {
            return;
        }
        if (source.slot(name).isPresent()) {
            requireNoTables(name, before, "publication " + name + " is gone from " + source.endpoint());
            new FeedRemoval(context.timing(), context.observer())
                    .slot(source, name, before.isPresent() ? Optional.of(context.target()) : Optional.empty());
        }
        source.change("make publication " + name, makePublication);
    }

    private void ensureSlot(String name, Optional<Subscription> before) throws ServerException {
        PatientServer source = context.source();
        Optional<Slot> slot = source.slot(name);
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
            new FeedRemoval(context.timing(), context.observer()).slot(source, name, Optional.of(context.target()));
        }
        source.change(
                "make slot " + name + ", which waits for the transactions that are open there"
                        + oldestTransaction(source),
                asked -> asked.slots().create(name, SLOT_BOUND));
    }

    /** Asked before the slot is made, since the session is busy making it until these transactions have ended. */
    private static String oldestTransaction(PatientServer source) throws ServerException {
        return source.ask("look at open transactions", asked -> asked.slots().waitsFor(BOUND))
                .map(oldest -> " (the oldest is of " + oldest + " when this began)")
                .orElse("");
    }

    private void requireNoTables(String name, Optional<Subscription> before, String what) throws ServerException {
        if (before.isPresent() && !context.target().tablesOf(name).isEmpty()) {
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
            context.target().change("attach subscription " + name + " to its slot", target -> target.subscriptions()
                    .useSlot(name, name, BOUND));
        }
        if (!now.enabled()) {
            context.target().change("enable subscription " + name, target -> target.subscriptions()
                    .enable(name, BOUND));
        }
    }

    private Optional<Subscription> subscription(String name) throws ServerException {
        return context.target().subscriptions().stream()
                .filter(each -> each.name().equals(name))
                .findFirst();
    }
}
