package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.run.FleetWait;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;

/**
 * Gives up the wait for standby pools early, once every missing instance has been reporting for a while that it can't
 * open one. Instances try again by themselves, so a short failure passes, but nothing is gained by waiting out the
 * whole timeout for a wrong password.
 */
final class RejectionWatch implements FleetWait.Judge {
    /** Long enough for several attempts of an instance. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private final ToLongFunction<DatabaseName> version;
    private Optional<Duration> since = Optional.empty();

    /** {@code version} says which version of a name asks for the standby pools. */
    RejectionWatch(ToLongFunction<DatabaseName> version) {
        this.version = version;
    }

    @Override
    public void judge(List<FleetMember> missing, Duration elapsed) throws StepFailure {
        boolean all = missing.stream().allMatch(this::rejects);
        since = all ? since.or(() -> Optional.of(elapsed)) : Optional.empty();
        if (since.isPresent() && elapsed.minus(since.get()).compareTo(PATIENCE) >= 0) {
            throw StepFailure.failed("the target can't be used: " + FleetWait.missing(missing));
        }
    }

    private boolean rejects(FleetMember member) {
        return member.report().state() == InstanceState.REJECTED
                && member.report().acknowledgedVersion()
                        >= version.applyAsLong(member.report().database());
    }
}
