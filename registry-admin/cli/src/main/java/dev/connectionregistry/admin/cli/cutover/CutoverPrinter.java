package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.coordinator.CutoverStatus;
import dev.connectionregistry.admin.cutover.coordinator.RunSummary;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Prints what came of cutovers. */
final class CutoverPrinter {
    private final Console console;
    private final CommandText commands;

    @Inject
    CutoverPrinter(Console console, CommandText commands) {
        this.console = console;
        this.commands = commands;
    }

    /** Tells on stderr how one goes. */
    CutoverObserver talk() {
        return new CutoverProgressPrinter(console);
    }

    /** Asks the operator; no where there is no terminal. */
    boolean confirm(String question) {
        if (!(console.terminal().input() && console.terminal().error())) {
            return false;
        }
        try {
            return console.confirm(TextTable.printable(question));
        } catch (IOException e) {
            throw new UncheckedIOException("the answer could not be read", e);
        }
    }

    /** Prints it, then throws what it is an error of, if it is one. */
    void result(CutoverResult result) {
        RunSummary summary = new RunSummary(result, commands);
        if (console.json()) {
            console.printJson(CutoverDocuments.result(result, summary));
        } else {
            if (stepsAreElsewhere()) {
                console.print(CutoverText.steps(result, summary, console.outputWidth(), console.coloredOutput()));
            }
            List<String> lines = errorIsSeenToo(summary)
                    ? CutoverText.besidesTheError(summary)
                    : CutoverText.result(result, summary, console.coloredOutput());
            if (!lines.isEmpty()) {
                console.print(lines);
            }
        }
        summary.problem().ifPresent(problem -> {
            throw problem;
        });
    }

    /** Each step was told as it ended; a reader of that needs no table of them, only a file that stdout goes to by itself. */
    private boolean stepsAreElsewhere() {
        return console.terminal().error() && !console.terminal().output();
    }

    /** The error says how things are and how it ended; on one terminal that need not be said twice. */
    private boolean errorIsSeenToo(RunSummary summary) {
        return summary.problem().isPresent()
                && console.terminal().error()
                && console.terminal().output();
    }

    void plan(RunRecord record) {
        if (console.json()) {
            console.printJson(CutoverDocuments.plan(record));
        } else {
            console.print(CutoverText.plan(record, console.coloredOutput()));
        }
    }

    void status(CutoverStatus status) {
        if (console.json()) {
            console.printJson(CutoverDocuments.status(status));
        } else {
            console.print(CutoverText.status(status, console.outputWidth(), console.coloredOutput()));
        }
    }
}
