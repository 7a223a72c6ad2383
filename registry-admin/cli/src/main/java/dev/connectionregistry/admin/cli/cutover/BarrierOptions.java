package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.BarrierChoice.Kind;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How to prove that the target has everything. */
final class BarrierOptions {
    @Option(
            names = "--slot",
            paramLabel = "NAME",
            description = "the subscription or slot that must have confirmed everything (default: found automatically)")
    private Optional<String> slot = Optional.empty();

    @Option(
            names = "--caught-up-sql",
            paramLabel = "SQL",
            description = "for another replicator: a query that returns true once it has caught up; qualify tables and"
                    + " functions with their schemas")
    private Optional<String> sql = Optional.empty();

    @Option(
            names = "--caught-up-on",
            paramLabel = "SIDE",
            description = "where that query is run: source (default) or target")
    private Optional<String> side = Optional.empty();

    @Option(
            names = "--caught-up-command",
            paramLabel = "CMD",
            description = "for another replicator: a command for /bin/sh that exits with 0 once it has caught up."
                    + " REGISTRY_WAL_POSITION has the source's position; variables with the administrators' passwords"
                    + " are removed. The registry keeps only the command's digest: give it again on resume")
    private Optional<String> command = Optional.empty();

    @Option(names = "--no-barrier", description = "don't prove that the target has everything; rows may be lost")
    private boolean none;

    @Option(
            names = "--accept-unproven-barrier",
            description =
                    "with --caught-up-sql, --caught-up-command or --no-barrier: continue although nothing can prove"
                            + " that the target follows the source; small tables and those of --verify-table are still compared")
    private boolean unproven;

    BarrierChoice choice() {
        BarrierChoice choice = chosen();
        unaccepted().ifPresent(problem -> {
            throw new InvalidSettingsException(problem);
        });
        return choice;
    }

    /** What is wrong with a barrier that can't be proven and wasn't accepted; empty if nothing is. */
    Optional<String> unaccepted() {
        return chosen().isReplication() || unproven
                ? Optional.empty()
                : Optional.of(
                        "nothing proves that the target follows the source with --caught-up-sql, --caught-up-command or"
                                + " --no-barrier; add --accept-unproven-barrier if you know that it does");
    }

    BarrierChoice chosen() {
        List<BarrierChoice> given = new ArrayList<>();
        slot.ifPresent(name -> given.add(new BarrierChoice(Kind.REPLICATION, name, Side.SOURCE)));
        sql.ifPresent(query -> given.add(new BarrierChoice(Kind.SQL, query, side())));
        command.ifPresent(text -> given.add(new BarrierChoice(Kind.COMMAND, text, Side.SOURCE)));
        if (none) {
            given.add(BarrierChoice.NONE);
        }
        if (given.size() > 1) {
            throw new InvalidSettingsException(
                    "give only one of --slot, --caught-up-sql, --caught-up-command and --no-barrier");
        }
        if (side.isPresent() && sql.isEmpty()) {
            throw new InvalidSettingsException("--caught-up-on makes no sense without --caught-up-sql");
        }
        return given.isEmpty() ? BarrierChoice.FOUND_BY_ITSELF : given.get(0);
    }

    private Side side() {
        String text = side.orElse("source");
        return switch (text) {
            case "source", "old" -> Side.SOURCE;
            case "target", "new" -> Side.TARGET;
            default -> throw new InvalidSettingsException("--caught-up-on is '" + text + "'; write source or target");
        };
    }
}
