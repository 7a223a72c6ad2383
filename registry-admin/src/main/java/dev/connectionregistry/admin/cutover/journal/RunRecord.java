package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.decision.Outcome;
import dev.connectionregistry.admin.cutover.server.FencePlan;
import dev.connectionregistry.admin.cutover.server.ServerIdentity;
import java.util.List;
import java.util.Optional;

/**
 * A run as it stands in its journal. What it says about the servers is not believed, but for the plan of the fence, which can't
 * be made again once the fence is up, and the servers' identities, which are compared.
 *
 * @param spec what is to be done
 * @param coordinators who has carried it out, in order, such as {@code alice@laptop (resume)}
 * @param fence how the fence goes up and down; empty until it was planned
 * @param oldIdentity which server is left; empty until it was asked
 * @param newIdentity which server is gone to; empty until it was asked
 * @param steps what was done, the latest {@link #KEPT_STEPS}
 * @param reverseSlotBegun whether the reverse slot may have been made
 * @param act what is done now, or was done last
 * @param undoing whether it is on its way back
 * @param outcome how it ended; empty while it is open
 * @param cause the first thing that went wrong; empty if nothing did
 */
public record RunRecord(
        RunSpec spec,
        List<String> coordinators,
        Optional<FencePlan> fence,
        Optional<ServerIdentity> oldIdentity,
        Optional<ServerIdentity> newIdentity,
        List<StepRecord> steps,
        boolean reverseSlotBegun,
        Act act,
        boolean undoing,
        Optional<Outcome> outcome,
        String cause) {
    /** How many steps are kept. */
    public static final int KEPT_STEPS = 200;

    /** Copies the lists and keeps the latest steps. */
    public RunRecord {
        coordinators = List.copyOf(coordinators);
        steps = List.copyOf(steps.subList(Math.max(0, steps.size() - KEPT_STEPS), steps.size()));
    }

    /** Of a run that has not begun. */
    public static RunRecord of(RunSpec spec) {
        return new RunRecord(
                spec,
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                false,
                Act.TAKE_REGISTRY_LOCK,
                false,
                Optional.empty(),
                "");
    }
}
