package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.replication.Sequences;
import dev.connectionregistry.admin.replication.Sequences.SequenceStanding;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.List;
import java.util.OptionalLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares sequences and copies them. */
@Command(
        name = "sequences",
        description = {
            "Compares the sequences of both servers, and copies them.",
            "",
            "Logical replication doesn't copy sequences. --copy sets the target's to the source's values; none ever"
                    + " goes backwards.",
            "The cutover does this by itself, after the fence: before it a copy is out of date as soon as somebody inserts.",
            "Needs SELECT on the sequences of both servers; --copy needs UPDATE on the target's."
        },
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 every sequence of the target is level with the source's, or ahead; 1 one is behind,",
            "missing or too small, or a server can't be asked; 2 usage.",
            "",
            "Examples:",
            "  registry-admin replication sequences orders --target db2:5432",
            "  registry-admin replication sequences orders --target db2:5432 \\",
            "      --copy --margin 1000"
        })
final class ReplicationSequencesCommand implements Runnable {
    @Mixin
    private final PairOptions servers = new PairOptions();

    @Option(names = "--copy", description = "set the target's sequences to the source's values")
    private boolean copy;

    @Option(names = "--margin", paramLabel = "N", description = "with --copy: this many steps ahead (0)")
    private int margin;

    @Option(names = "--all", description = "also show the sequences that are right")
    private boolean all;

    private final EachPair each;
    private final Sequences sequences;
    private final CommandText commands;
    private final Console console;

    @Inject
    ReplicationSequencesCommand(EachPair each, Sequences sequences, CommandText commands, Console console) {
        this.each = each;
        this.sequences = sequences;
        this.commands = commands;
        this.console = console;
    }

    @Override
    public void run() {
        if (margin < 0 || (margin > 0 && !copy)) {
            throw new InvalidSettingsException("--margin goes with --copy, and is not below 0");
        }
        if (copy) {
            console.warn(
                    "while services use the source, its sequences keep advancing; the cutover copies them again after"
                            + " the fence");
        }
        each.run(servers, this::compare);
    }

    private Answer compare(ServerPair pair) {
        List<SequenceStanding> standings = sequences.run(pair, copy ? OptionalLong.of(margin) : OptionalLong.empty());
        return new Answer(
                () -> CheckDocuments.sequences(pair, standings, copy),
                () -> SequenceText.lines(standings, all, console.outputWidth(), console.coloredOutput()),
                () -> requireGood(pair, standings));
    }

    private void requireGood(ServerPair pair, List<SequenceStanding> standings) {
        String copying = "replication sequences " + pair.database() + " --target "
                + ShellWord.of(pair.target().endpoint()) + pair.adminWords() + " --copy";
        long wrong =
                standings.stream().filter(each -> !each.standing().isGood()).count();
        if (wrong > 0) {
            throw new OperationException(
                    OperationException.Reason.FAILED,
                    wrong + " of " + standings.size() + " sequences would repeat values, or are missing",
                    copy ? "services use them; the cutover copies them once more" : commands.command(copying));
        }
    }
}
