package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import java.util.Optional;

/**
 * The fence of a run. Immutable.
 *
 * @param run the run
 * @param now whether it is up
 * @param recorded what it changed, by its record on the server; empty if the server wasn't asked or has none
 */
public record RunFence(RunRecord run, FenceStatus now, Optional<FencePlan> recorded) {
    /** As far as the journal tells. */
    static RunFence byJournal(RunRecord run) {
        return new RunFence(run, FenceStatus.byJournal(run), Optional.empty());
    }

    /** The same, with why the server could not be asked. */
    RunFence unasked(String why) {
        return new RunFence(run, now.unasked(why), recorded);
    }

    /** The same, with why nobody was asked, or what to give so that somebody is. */
    RunFence notAsked(String why) {
        return new RunFence(run, now.notAsked(why), recorded);
    }

    /** What it changed: as the server says, or else as the journal does, which anyone who can write the table could have forged. */
    public Optional<FencePlan> plan() {
        return recorded.or(run::fence);
    }

    /** Where {@link #plan} is from, for people who will paste its statements. */
    public String origin() {
        return recorded.isPresent()
                ? "according to its record on the server"
                : "as the journal has it; compare with what is on the server";
    }
}
