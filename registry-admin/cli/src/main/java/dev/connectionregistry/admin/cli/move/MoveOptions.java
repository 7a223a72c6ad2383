package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.FormerSourceOption;
import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.move.MoveRequest;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a change that makes the fleet open other pools. */
final class MoveOptions {
    @Option(
            names = "--poll-interval",
            paramLabel = "D",
            description = "shorten the poll interval to D during the move and restore it afterwards; implies --wait")
    private Optional<Converters.PollInterval> pollInterval = Optional.empty();

    @Mixin
    private final WaitOptions waiting = new WaitOptions();

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    @Mixin
    private final FormerSourceOption leftServer = new FormerSourceOption();

    MoveRequest request(DatabaseName database) {
        return waiting.request(
                writing.request(database).acceptingLeftServer(leftServer.accepted()),
                FleetGoal.Kind.ACTIVE,
                pollInterval);
    }
}
