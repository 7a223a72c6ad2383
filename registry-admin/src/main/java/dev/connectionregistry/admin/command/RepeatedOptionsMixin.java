package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.cutover.RepeatedOptions;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a cutover that are given again when it is resumed, see {@link RepeatedOptions}. */
final class RepeatedOptionsMixin {
    @Option(
            names = "--exempt-role",
            paramLabel = "ROLE",
            description = "a role that may go on writing there, such as a replicator's; may be repeated")
    private Set<String> exemptRoles = new LinkedHashSet<>();

    @Mixin
    private final BarrierOptions barrier = new BarrierOptions();

    @Option(
            names = "--sequence-margin",
            paramLabel = "N",
            description = "set the new server's sequences N steps further (default 0)")
    private int sequenceMargin;

    @Option(
            names = "--reverse-slot",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "NAME",
            description = "make this logical slot on the new server before the switch, for the way back (without NAME:"
                    + " the name that replication reverse looks for)")
    private Optional<String> reverseSlot = Optional.empty();

    @Option(
            names = "--cancel-stragglers",
            description = "end transactions that outlast the grace, instead of giving up")
    private boolean cancelStragglers;

    @Option(
            names = "--without",
            paramLabel = "INSTANCE",
            description = "don't wait for this instance (service/instance, or the instance); may be repeated")
    private Set<String> without = new LinkedHashSet<>();

    RepeatedOptions options() {
        return new RepeatedOptions(
                barrier.choice(), exemptRoles, without, cancelStragglers, sequenceMargin, reverseSlot);
    }
}
