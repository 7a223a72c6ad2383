package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.ServerErrorText;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.replication.setup.StopPlan.Item;
import dev.connectionregistry.admin.replication.setup.StopPlan.Kind;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Side;
import jakarta.inject.Inject;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Ends replication on both servers, or on the one that there still is. May be interrupted anywhere and repeated. */
public final class StopReplication {
    private static final int ROUNDS = 3;

    private final ReplicationContexts contexts;

    /** On {@code servers}. */
    @Inject
    public StopReplication(ReplicationServers servers, Timing timing) {
        this.contexts = new ReplicationContexts(servers, timing);
    }

    /**
     * Looks at what there is, and ends it if {@code agreed}.
     *
     * @return what there was
     * @throws OperationException if a server can't be reached that isn't said to be gone, or something can't be dropped
     */
    public StopPlan run(StopRequest request, SetupObserver observer, Predicate<StopPlan> agreed) {
        try (Ends ends = open(request)) {
            Patience patience = contexts.patience(observer);
            ReplicationNames names = names(request, ends);
            StopPlan plan = new StopPlanner(names, patience, ends).look(request.pair());
            if (agreed.test(plan)) {
                lock(ends, names, patience);
                endAll(new StopPlanner(names, patience, ends).look(request.pair()), ends, patience, names, request);
            }
            return plan;
        } catch (ServerException e) {
            throw ReplicationContexts.failed(e);
        }
    }

    /** Those of any pair where a server is gone, since nobody knows which it was. */
    private static ReplicationNames names(StopRequest request, Ends ends) {
        ReplicationNames any = ReplicationNames.of(request.pair().database());
        return ends.source().isPresent() && ends.target().isPresent()
                ? any.between(
                        ends.source().get().identity(), ends.target().get().identity())
                : any;
    }

    private Ends open(StopRequest request) throws ServerException {
        Optional<ReplicationServer> source = reach(request, Side.SOURCE);
        try {
            return new Ends(source, reach(request, Side.TARGET));
        } catch (ServerException | RuntimeException e) {
            source.ifPresent(ReplicationServer::close);
            throw e;
        }
    }

    private void lock(Ends ends, ReplicationNames names, Patience patience) throws ServerException {
        ReplicationLock run = new ReplicationLock(patience, contexts.timing());
        if (ends.source().isPresent()) {
            run.require(ends.source().get(), names, "stop");
        }
        if (ends.target().isPresent()) {
            run.require(ends.target().get(), names, "stop");
        }
    }

    private Optional<ReplicationServer> reach(StopRequest request, Side side) throws ServerException {
        if (request.gone().filter(side::equals).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(contexts.open(
                    side.of(request.pair().source(), request.pair().target())));
        } catch (ServerException e) {
            throw ServerErrorText.told(
                    e,
                    "if that server is gone for good, or for long: --" + side.word() + "-gone"
                            + " ends what is on the other one, and says what stays");
        }
    }

    /** More than once, since a worker that is just being ended may have made another slot for a table. */
    private void endAll(StopPlan first, Ends ends, Patience patience, ReplicationNames names, StopRequest request)
            throws ServerException {
        StopPlan plan = first;
        for (int round = 0; round < ROUNDS && !plan.items().isEmpty(); round++) {
            carryOut(plan, ends, patience, names);
            plan = new StopPlanner(names, patience, ends).look(request.pair());
        }
        if (!plan.items().isEmpty()) {
            throw new OperationException(
                    Reason.FAILED,
                    "dropped, and there again: " + plan.items().get(0).kind() + " "
                            + plan.items().get(0).name() + "; does somebody start it at the same time?",
                    "give the command again");
        }
    }

    private void carryOut(StopPlan plan, Ends ends, Patience patience, ReplicationNames names) throws ServerException {
        for (Item item : plan.items()) {
            ReplicationServer server = ends.of(item).orElseThrow();
            if (item.kind() == Kind.SUBSCRIPTION && item.inUse()) {
                patience.does("disable subscription " + item.name(), server, () -> server.subscriptions()
                        .disable(item.name(), Patience.BOUND));
            }
        }
        List<Item> ordered =
                plan.items().stream().sorted(Comparator.comparing(Item::kind)).toList();
        for (Item item : ordered) {
            ReplicationServer server = ends.of(item).orElseThrow();
            FeedRemoval removal = new FeedRemoval(
                    new ReplicationContext(names, server, server, patience, contexts.timing(), patience.observer()));
            remove(item, server, removal, patience);
            patience.observer().say("dropped " + item.kind() + " " + item.name() + " on " + item.endpoint());
        }
    }

    private static void remove(Item item, ReplicationServer server, FeedRemoval removal, Patience patience)
            throws ServerException {
        if (item.kind() == Kind.SUBSCRIPTION) {
            removal.subscription(server, item.name());
        } else if (item.kind() == Kind.SLOT) {
            removal.slot(server, item.name(), Optional.empty());
        } else {
            patience.does("drop publication " + item.name(), server, () -> server.publications()
                    .drop(item.name(), Patience.BOUND));
        }
    }

    /** The servers that there are. */
    record Ends(Optional<ReplicationServer> source, Optional<ReplicationServer> target) implements AutoCloseable {
        Optional<ReplicationServer> of(Item item) {
            return item.side().of(source, target);
        }

        @Override
        public void close() {
            source.ifPresent(ReplicationServer::close);
            target.ifPresent(ReplicationServer::close);
        }
    }

    /**
     * What is to be ended.
     *
     * @param pair the two servers
     * @param gone the server that isn't to be asked; empty for none
     */
    public record StopRequest(ServerPair pair, Optional<Side> gone) {}
}
