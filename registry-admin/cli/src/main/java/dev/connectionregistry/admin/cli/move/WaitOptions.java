package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.move.MoveRequest;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of a change that can wait until the fleet follows. */
final class WaitOptions {
    @Option(
            names = "--wait",
            negatable = true,
            description = "wait until every live instance follows (exit code 4 if it doesn't in time)")
    private Optional<Boolean> waits = Optional.empty();

    @Option(
            names = "--timeout",
            paramLabel = "D",
            description = "the longest wait; with --poll-interval, for each of the two waits. Default: the time that"
                    + " the slowest instance may need (its poll interval, or 3 heartbeats) plus 30s")
    private Optional<Duration> timeout = Optional.empty();

    MoveRequest request(ChangeRequest change, FleetGoal.Kind goal, Optional<Converters.PollInterval> pollInterval) {
        if (timeout.filter(Duration::isZero).isPresent()) {
            throw new InvalidSettingsException("--timeout is 0s; write a positive duration such as 2m");
        }
        if (pollInterval.isPresent() && !waits.orElse(true)) {
            throw new InvalidSettingsException("--poll-interval only shortens the interval during the wait, so it can't"
                    + " be used with --no-wait; for a permanent interval use set-interval");
        }
        boolean watch = waits.orElse(pollInterval.isPresent());
        if (timeout.isPresent() && !watch) {
            throw new InvalidSettingsException("--timeout makes no sense without --wait");
        }
        return new MoveRequest(change, pollInterval.map(Converters.PollInterval::value), watch, goal, timeout);
    }
}
