package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.FileProblems;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.replication.plan.PlanFile;
import dev.connectionregistry.admin.replication.plan.PlanReader;
import dev.connectionregistry.admin.replication.setup.StartReplication;
import dev.connectionregistry.admin.replication.setup.StartReplication.PressureLimits;
import dev.connectionregistry.admin.replication.setup.StartReplication.StartRequest;
import dev.connectionregistry.admin.replication.setup.StartReplication.StartResult;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Sets up replication according to a plan. */
@Command(
        name = "start",
        description = {
            "Creates publication, slot and subscription, copies the tables one after the other according to the plan,"
                    + " and ends when all of them follow. Safe to interrupt at any point: the servers finish what was"
                    + " started, and the same command continues from there. Between tables it waits while the source is"
                    + " under strain: while slots keep too much WAL, or a transaction is too old.",
        },
        sortOptions = false,
        footer = {
            "",
            "Rights: on the source CREATE on the database, the tables' owner (or membership in it), REPLICATION, and",
            "for the role of the subscription REPLICATION and SELECT; on the target a superuser, or from Postgres 16",
            "on pg_create_subscription, CREATE on the database and membership in the tables' owner. Missing rights are",
            "reported with the statement that grants them, before anything is changed.",
            "",
            "Examples:",
            "  registry-admin replication start --server db1:5432 --target db2:5432",
            "  registry-admin replication start orders --target db2.internal:5432 \\",
            "      --plan orders-replication-plan.yaml",
            "  registry-admin replication start orders --target db2.internal:5432 \\",
            "      --plan orders-replication-plan.yaml --replication-username repl \\",
            "      --replication-password-ref env:REPL_PASSWORD \\",
            "      --connection-option sslmode=verify-full --max-retained-wal 100GB"
        })
public final class ReplicationStartCommand implements Runnable {
    @Mixin
    private final PairOptions pair = new PairOptions();

    @Option(
            names = "--plan",
            paramLabel = "FILE",
            description = "the plan, as replication plan wrote it (default DB-replication-plan.yaml)")
    private Optional<Path> plan = Optional.empty();

    @Mixin
    private final SubscriberOptions subscriber = new SubscriberOptions();

    @Option(
            names = "--max-retained-wal",
            paramLabel = "SIZE",
            description = "the next table waits while a slot of the source keeps more WAL (default 20GB)")
    private ByteSize retained = PressureLimits.USUAL.retained();

    @Option(
            names = "--max-transaction-age",
            paramLabel = "D",
            description = "the next table waits while the source's oldest transaction is older (default 1h)")
    private Duration transactionAge = PressureLimits.USUAL.transactionAge();

    @Option(names = "--skip-schema-check", description = "continue although the schemas differ")
    private boolean skipSchema;

    private final EachPair each;
    private final StartReplication start;
    private final Console console;
    private final CommandText commands;

    @Inject
    ReplicationStartCommand(EachPair each, StartReplication start, Console console, CommandText commands) {
        this.each = each;
        this.start = start;
        this.console = console;
        this.commands = commands;
    }

    @Override
    public void run() {
        pair.requireOneFor("--plan", plan.isPresent(), "with --server each plan is read from DB-replication-plan.yaml");
        each.run(pair, this::start);
    }

    private Answer start(ServerPair servers) {
        PlanFile file = read(plan.orElseGet(() -> ReplicationPlanCommand.usualFile(servers)), servers);
        StartRequest request = new StartRequest(
                servers,
                file,
                subscriber.login(servers.source(), console),
                new PressureLimits(retained, transactionAge),
                !skipSchema);
        ReplicationProgressPrinter talk = new ReplicationProgressPrinter(console);
        StartResult result = talk.during(() -> start.run(request, talk));
        ReplicationText text = new ReplicationText(servers, commands);
        return new Answer(() -> text.startDocument(result), () -> text.started(result));
    }

    private PlanFile read(Path path, ServerPair servers) {
        try {
            return PlanReader.read(Files.readString(path));
        } catch (InvalidSettingsException e) {
            throw new InvalidSettingsException(
                    e.problems().stream().map(each -> path + ", " + each).toList());
        } catch (IOException e) {
            throw FileProblems.of("can't read", path, "make it with " + planCommand(path, servers), e);
        }
    }

    private String planCommand(Path path, ServerPair servers) {
        return commands.command("replication plan " + servers.database() + " --target " + Remedy.word(pair.targetText())
                + servers.adminWords() + " --file " + Remedy.word(path));
    }
}
