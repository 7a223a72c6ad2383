package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.plan.Planner;
import dev.connectionregistry.admin.replication.plan.Planner.PlanThresholds;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan;
import dev.connectionregistry.admin.replication.plan.SourceFacts;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.server.ServerPair;
import jakarta.inject.Inject;

/** Reads both servers and plans; changes nothing. */
public final class PlanReplication {
    private final ReplicationContexts contexts;

    @Inject
    public PlanReplication(ReplicationServers servers, Timing timing) {
        this.contexts = new ReplicationContexts(servers, timing);
    }

    /**
     * Plans.
     *
     * @throws dev.connectionregistry.admin.common.OperationException if a server can't be read
     */
    public ReplicationPlan run(ServerPair pair, PlanThresholds thresholds, SetupObserver observer) {
        return contexts.reading(pair, observer, context -> {
            StartChecks.requireTwo(context);
            SourceFacts facts = StartChecks.facts(context);
            return new ReplicationPlan(
                    pair.database(),
                    context.source().endpoint(),
                    context.target().endpoint(),
                    context.names(),
                    facts,
                    new Planner(facts, thresholds).plan());
        });
    }
}
