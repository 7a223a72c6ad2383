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
    private final ReplicationContexts grounds;

    /** On {@code servers}. */
    @Inject
    public PlanReplication(ReplicationServers servers, Timing timing) {
        this.grounds = new ReplicationContexts(servers, timing);
    }

    /**
     * Plans.
     *
     * @throws dev.connectionregistry.admin.common.OperationException if a server can't be read
     */
    public ReplicationPlan run(ServerPair pair, PlanThresholds thresholds, SetupObserver talk) {
        return grounds.reading(pair, talk, ground -> {
            StartChecks.requireTwo(ground);
            SourceFacts facts = StartChecks.facts(ground);
            return new ReplicationPlan(
                    pair.database(),
                    ground.source().endpoint(),
                    ground.target().endpoint(),
                    ground.names(),
                    facts,
                    new Planner(facts, thresholds).plan());
        });
    }
}
