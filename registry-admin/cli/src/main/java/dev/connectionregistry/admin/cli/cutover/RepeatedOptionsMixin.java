package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.Converters.SlotName;
import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options of a cutover that are given again when it is resumed, see {@link RepeatedOptions}. */
final class RepeatedOptionsMixin {
    @Option(
            names = "--fence",
            paramLabel = "KIND",
            description = "how the fence makes the source refuse writes: read-only (default) or no-login")
    private String fence = "read-only";

    @Option(
            names = "--exempt-role",
            paramLabel = "ROLE",
            description = "a role that may still write on the source, such as a replicator's; may be repeated")
    private Set<String> exemptRoles = new LinkedHashSet<>();

    @Mixin
    private final BarrierOptions barrier = new BarrierOptions();

    @Option(
            names = "--sequence-margin",
            paramLabel = "N",
            description = "set the target's sequences N steps ahead (default 0)")
    private int sequenceMargin;

    @Option(
            names = "--reverse-slot",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "NAME",
            description = "create this logical slot on the target before the switch, for the way back (without NAME:"
                    + " the default name of replication reverse)")
    private Optional<SlotName> reverseSlot = Optional.empty();

    @Option(
            names = "--cancel-stragglers",
            description = "end transactions that outlast the grace, instead of giving up")
    private boolean cancelStragglers;

    @Option(
            names = "--without",
            paramLabel = "INSTANCE",
            description = "don't wait for this instance (service/instance, or the instance); may be repeated")
    private Set<String> without = new LinkedHashSet<>();

    @Option(
            names = "--verify-table",
            paramLabel = "T",
            description = "count this table's rows on both servers during the hold; quote the name as in SQL; may be"
                    + " repeated")
    private List<String> verifyTables = new ArrayList<>();

    @Option(
            names = "--skip-count",
            paramLabel = "T",
            description = "don't compare this table's rows; by default all small tables are counted during the hold;"
                    + " may be repeated")
    private List<String> uncounted = new ArrayList<>();

    /** For a new run. */
    RepeatedOptions options() {
        return options(barrier.choice());
    }

    /** For a resumed run, whose missing options are all reported at once; see {@link #unaccepted}. */
    RepeatedOptions repeated() {
        return options(barrier.chosen());
    }

    /** What must also be accepted; empty if nothing. */
    Optional<String> unaccepted() {
        return barrier.unaccepted();
    }

    private RepeatedOptions options(BarrierChoice chosen) {
        return new RepeatedOptions(
                chosen,
                exemptRoles,
                without,
                cancelStragglers,
                sequenceMargin,
                reverseSlot.map(SlotName::text),
                fence(),
                verifyTables,
                uncounted);
    }

    private FenceKind fence() {
        for (FenceKind kind : FenceKind.values()) {
            if (kind.toString().equals(fence)) {
                return kind;
            }
        }
        throw new InvalidSettingsException("--fence is '" + fence + "'; write read-only or no-login");
    }
}
