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

/** Prints the results of cutovers. */
final class CutoverPrinter {
    private final Console console;
    private final CommandText commands;

    @Inject
    CutoverPrinter(Console console, CommandText commands) {
        this.console = console;
        this.commands = commands;
    }

    /** Reports a run's progress on stderr. */
    CutoverObserver talk() {
        return new CutoverProgressPrinter(console);
    }

    /** Asks the operator; the answer is no if there is no terminal. */
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

    /** Prints the result, then throws the error that it stands for, if any. */
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

    /**
     * Each step was reported on stderr when it ended. An operator who saw that needs no table of the steps on the
     * terminal; a file that only stdout goes to does need it.
     */
    private boolean stepsAreElsewhere() {
        return console.terminal().error() && !console.terminal().output();
    }

    /**
     * The error describes the state and the outcome; if both streams go to one terminal, they needn't be printed twice.
     */
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
