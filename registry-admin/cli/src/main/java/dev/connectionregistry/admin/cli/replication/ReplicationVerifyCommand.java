package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.replication.verify.TableVerdict.Result;
import dev.connectionregistry.admin.replication.verify.Verification;
import dev.connectionregistry.admin.replication.verify.VerifyOptions;
import dev.connectionregistry.admin.replication.verify.VerifyOptions.Sampling;
import dev.connectionregistry.admin.replication.verify.VerifyReport;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares rows. */
@Command(
        name = "verify",
        description = {
            "Compares the rows of both servers while services write, and names the keys that differ.",
            "",
            "It compares the keys of all rows, and the contents of all rows in tables up to 1 GB and of one in a"
                    + " hundred in larger ones. Rows that differ are compared again once the target has caught up; only"
                    + " rows that still differ, and that nobody wrote meanwhile, count as differences. Shows keys,"
                    + " never contents. Writes nothing.",
            "A table without a key is compared as a whole. If the target doesn't follow the source, as after the"
                    + " switch, both are compared in their current state.",
            "Needs SELECT on the tables of both servers; reads one table at a time with one process on each server."
        },
        sortOptions = false,
        footer = {
            "",
            "Exit codes: 0 everything is equal; 1 something differs or couldn't be compared; 2 usage; 130 stopped.",
            "",
            "Examples:",
            "  registry-admin replication verify orders --target db2:5432",
            "  registry-admin replication verify orders --target db2:5432 \\",
            "      --only public.orders --full",
            "  registry-admin replication verify orders --target db2:5432 \\",
            "      --mark public.events:created_at=2026-11-01 --sample 5 --pause 10s"
        })
final class ReplicationVerifyCommand implements Runnable {
    @Mixin
    private final PairOptions servers = new PairOptions();

    @Option(names = "--only", paramLabel = "TABLE", description = "only this table; may be repeated")
    private List<String> only = List.of();

    @Option(names = "--except", paramLabel = "TABLE", description = "not this table; may be repeated")
    private List<String> except = List.of();

    @Option(
            names = "--sample",
            paramLabel = "PERCENT",
            description = "compare the contents of this percentage of rows, 0.01 to 100 (100 up to 1 GB, otherwise 1)")
    private @Nullable BigDecimal sample;

    @Option(names = "--full", description = "compare the contents of all rows")
    private boolean full;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "selects the rows in the sample (by default a different one each time)")
    private @Nullable Integer seed;

    @Option(
            names = "--mark",
            paramLabel = "TABLE:COLUMN=VALUE",
            description = "compare only rows of this table whose column is below the value, such as a past time; may be"
                    + " repeated. Times without a zone are UTC")
    private List<String> marks = List.of();

    @Option(
            names = "--after",
            paramLabel = "TABLE:COLUMN=VALUE",
            description = "compare only rows of this table from the value on, such as those written since replication"
                    + " started")
    private List<String> after = List.of();

    @Option(names = "--direct", description = "compare the current state, without waiting for replication")
    private boolean direct;

    @Option(
            names = "--settle",
            paramLabel = "D",
            description = "with --direct: how long another replicator may take before a row is compared again (0s)")
    private Duration settle = Duration.ZERO;

    @Option(names = "--patience", paramLabel = "D", description = "how long the target may take to catch up (1m)")
    private Duration patience = Duration.ofMinutes(1);

    @Option(names = "--limit", paramLabel = "D", description = "how long one statement may take (2h)")
    private Duration limit = Duration.ofHours(2);

    @Option(names = "--pause", paramLabel = "D", description = "rest between tables (0s)")
    private Duration pause = Duration.ZERO;

    @Option(names = "--keys", paramLabel = "N", description = "how many keys to name for each table (5)")
    private int keys = 5;

    @Option(names = "--allow-not-compared", description = "exit with 0 also if a table couldn't be compared")
    private boolean allowNotCompared;

    private final EachPair each;
    private final Verification verification;
    private final CommandText commands;
    private final Console console;

    @Inject
    ReplicationVerifyCommand(EachPair each, Verification verification, CommandText commands, Console console) {
        this.each = each;
        this.verification = verification;
        this.commands = commands;
        this.console = console;
    }

    @Override
    public void run() {
        VerifyOptions options = options();
        each.run(servers, pair -> verify(pair, options));
    }

    private Answer verify(ServerPair pair, VerifyOptions options) {
        VerifyProgressPrinter talk = new VerifyProgressPrinter(console);
        VerifyReport report = verification.run(pair, options, talk);
        talk.close();
        return new Answer(
                () -> CheckDocuments.verify(report),
                () -> VerifyText.lines(report, console.outputWidth(), console.coloredOutput()),
                () -> requireEqual(report));
    }

    private VerifyOptions options() {
        if (full && sample != null) {
            throw new InvalidSettingsException("--full and --sample exclude each other");
        }
        if (!settle.isZero() && !direct) {
            throw new InvalidSettingsException(
                    "--settle goes with --direct; without --direct, verify waits for replication itself");
        }
        if (keys < 1 || keys > 1000) {
            throw new InvalidSettingsException("--keys is " + keys + "; from 1 to 1000 are possible");
        }
        return new VerifyOptions(
                only,
                except,
                marks,
                after,
                perTenThousand(),
                seed == null ? ThreadLocalRandom.current().nextInt(Sampling.ALL) : Math.floorMod(seed, Sampling.ALL),
                direct,
                settle,
                patience,
                limit,
                pause,
                keys);
    }

    private OptionalInt perTenThousand() {
        if (full) {
            return OptionalInt.of(Sampling.ALL);
        }
        if (sample == null) {
            return OptionalInt.empty();
        }
        int value = sample.movePointRight(2).intValue();
        if (value < 1 || value > Sampling.ALL) {
            throw new InvalidSettingsException("--sample is " + sample + "; from 0.01 to 100 are possible");
        }
        return OptionalInt.of(value);
    }

    private void requireEqual(VerifyReport report) {
        long different = report.count(Result.DIFFERENT);
        long unknown = report.count(Result.NOT_COMPARED);
        if (different > 0 || (unknown > 0 && !allowNotCompared)) {
            throw new OperationException(
                    OperationException.Reason.FAILED,
                    "of " + report.tables().size() + " tables " + different + " differ and " + unknown
                            + " couldn't be compared",
                    VerifyText.next(report, commands));
        }
    }
}
