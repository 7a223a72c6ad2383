package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.options.Converters.SlotName;
import dev.connectionregistry.admin.cli.options.EachPair;
import dev.connectionregistry.admin.cli.options.EachPair.Answer;
import dev.connectionregistry.admin.cli.options.PairOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.replication.setup.ReverseReplication;
import dev.connectionregistry.admin.replication.setup.ReverseReplication.ReverseRequest;
import dev.connectionregistry.admin.replication.setup.ReverseReplication.ReverseResult;
import dev.connectionregistry.admin.server.ServerPair;
import jakarta.inject.Inject;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Reverses replication after a cutover. */
@Command(
        name = "reverse",
        description = {
            "After a cutover: ends the replication to the server that the fleet is on now, and makes the server that"
                    + " the fleet left follow it, from the slot that the cutover created while nobody could write. So"
                    + " going back later loses nothing. --target is the server that the fleet left. Works while that"
                    + " server is fenced, and leaves the fence up.",
        },
        sortOptions = false,
        footer = {
            "",
            "Examples:",
            "  registry-admin cutover orders --to db2.internal:5432 --reverse-slot",
            "  registry-admin replication reverse orders --target db1.internal:5432",
            "  registry-admin replication reverse --server db2:5432 --target db1:5432"
        })
public final class ReplicationReverseCommand implements Runnable {
    @Mixin
    private final PairOptions pair = new PairOptions();

    @Option(
            names = "--reverse-slot",
            paramLabel = "NAME",
            description = "the slot that the cutover created (default: the default name of cutover --reverse-slot)")
    private Optional<SlotName> slot = Optional.empty();

    @Option(
            names = "--trust-publication",
            description = "continue although the publication may be newer than the slot; rows may then be missing")
    private boolean trust;

    @Mixin
    private final SubscriberOptions subscriber = new SubscriberOptions();

    private final EachPair each;
    private final ReverseReplication reverse;
    private final Console console;
    private final CommandText commands;

    @Inject
    ReplicationReverseCommand(EachPair each, ReverseReplication reverse, Console console, CommandText commands) {
        this.each = each;
        this.reverse = reverse;
        this.console = console;
        this.commands = commands;
    }

    @Override
    public void run() {
        Optional<String> name = slot.map(SlotName::required);
        pair.requireOneFor("--reverse-slot", slot.isPresent(), "give DB, not --server");
        each.run(pair, servers -> reverse(servers, name));
    }

    private Answer reverse(ServerPair servers, Optional<String> name) {
        ReplicationProgressPrinter talk = new ReplicationProgressPrinter(console);
        ReverseResult result = reverse.run(
                new ReverseRequest(servers, name, subscriber.login(servers.source(), console), trust), talk);
        ReplicationText text = new ReplicationText(servers, commands);
        return new Answer(() -> text.reverseDocument(result), () -> text.reversed(result));
    }
}
