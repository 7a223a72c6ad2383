package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.ServerErrorText;
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

/** Ends replication on both servers, or on the one that still exists. May be interrupted at any point and repeated. */
public final class StopReplication {
    private static final int ROUNDS = 3;

    private final ReplicationContexts contexts;

    @Inject
    public StopReplication(ReplicationServers servers, Timing timing) {
        this.contexts = new ReplicationContexts(servers, timing);
    }

    /**
     * Finds what exists, and ends it if {@code agreed}.
     *
     * @return what existed
     * @throws OperationException if a server can't be reached and the request doesn't say that it is gone, or something
     *     can't be dropped
     */
    public StopPlan run(StopRequest request, SetupObserver observer, Predicate<StopPlan> agreed) {
        try (Ends ends = open(request, observer)) {
            ReplicationNames names = names(request, ends);
            StopPlan plan = new StopPlanner(names, ends).look(request.pair());
            if (agreed.test(plan)) {
                lock(ends, names);
                endAll(request, ends, names, observer);
            }
            return plan;
        } catch (ServerException e) {
            throw ReplicationContexts.failed(e);
        }
    }

    /** The names of any pair if a server is gone, since it is unknown which one it was. */
    private static ReplicationNames names(StopRequest request, Ends ends) {
        ReplicationNames any = ReplicationNames.of(request.pair().database());
        return ends.source().isPresent() && ends.target().isPresent()
                ? any.between(
                        ends.source().get().identity(), ends.target().get().identity())
                : any;
    }

    private Ends open(StopRequest request, SetupObserver observer) throws ServerException {
        Optional<PatientServer> source = reach(request, Side.SOURCE, observer);
        try {
            return new Ends(source, reach(request, Side.TARGET, observer));
        } catch (ServerException | RuntimeException e) {
            source.ifPresent(PatientServer::close);
            throw e;
        }
    }

    private void lock(Ends ends, ReplicationNames names) throws ServerException {
        ReplicationLock run = new ReplicationLock(names, "stop", contexts.timing());
        if (ends.source().isPresent()) {
            run.require(ends.source().get());
        }
        if (ends.target().isPresent()) {
            run.require(ends.target().get());
        }
    }

    private Optional<PatientServer> reach(StopRequest request, Side side, SetupObserver observer)
            throws ServerException {
        if (request.gone().filter(side::equals).isPresent()) {
            return Optional.empty();
        }
        try {
            return Optional.of(contexts.open(
                    side.of(request.pair().source(), request.pair().target()), observer));
        } catch (ServerException e) {
            throw ServerErrorText.told(
                    e,
                    "if that server is gone for good, or for long: --" + side.word() + "-gone ends what is on the other"
                            + " one, and says what remains");
        }
    }

    /** Looks more than once, since a worker that is just ending may have made another slot for a table. */
    private void endAll(StopRequest request, Ends ends, ReplicationNames names, SetupObserver observer)
            throws ServerException {
        StopPlan plan = new StopPlanner(names, ends).look(request.pair());
        for (int round = 0; round < ROUNDS && !plan.items().isEmpty(); round++) {
            carryOut(plan, ends, observer);
            plan = new StopPlanner(names, ends).look(request.pair());
        }
        if (!plan.items().isEmpty()) {
            throw new OperationException(
                    Reason.FAILED,
                    "dropped, but recreated since: " + plan.items().get(0).kind() + " "
                            + plan.items().get(0).name() + "; is another run starting it?",
                    "run the command again");
        }
    }

    private void carryOut(StopPlan plan, Ends ends, SetupObserver observer) throws ServerException {
        FeedRemoval removal = new FeedRemoval(contexts.timing(), observer);
        for (Item item : plan.items()) {
            if (item.kind() == Kind.SUBSCRIPTION && item.inUse()) {
                removal.disable(ends.of(item).orElseThrow(), item.name());
            }
        }
        List<Item> ordered =
                plan.items().stream().sorted(Comparator.comparing(Item::kind)).toList();
        for (Item item : ordered) {
            remove(item, ends.of(item).orElseThrow(), removal);
            observer.say("dropped " + item.kind() + " " + item.name() + " on " + item.endpoint());
        }
    }

    private static void remove(Item item, PatientServer server, FeedRemoval removal) throws ServerException {
        if (item.kind() == Kind.SUBSCRIPTION) {
            removal.subscription(server, item.name());
        } else if (item.kind() == Kind.SLOT) {
            removal.slot(server, item.name(), Optional.empty());
        } else {
            server.change("drop publication " + item.name(), asked -> asked.publications()
                    .drop(item.name(), BOUND));
        }
    }

    record Ends(Optional<PatientServer> source, Optional<PatientServer> target) implements AutoCloseable {
        Optional<PatientServer> of(Item item) {
            return item.side().of(source, target);
        }

        @Override
        public void close() {
            source.ifPresent(PatientServer::close);
            target.ifPresent(PatientServer::close);
        }
    }

    /**
     * What to end.
     *
     * @param pair the two servers
     * @param gone the server that must not be asked; empty for none
     */
    public record StopRequest(ServerPair pair, Optional<Side> gone) {}
}
