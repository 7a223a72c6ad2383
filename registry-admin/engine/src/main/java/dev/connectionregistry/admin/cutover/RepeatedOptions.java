package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The options with which somebody who can write the journal could make a resumed run lose rows, execute something, or
 * end what it should not: an operator who resumes a run gives them again, and they must be those that the run was begun
 * with. Immutable.
 *
 * @param barrier how it is shown that the target has everything
 * @param exemptRoles roles that may go on writing behind the fence
 * @param without instances that are not waited for; {@code service/instance}, or as typed the instance alone
 * @param cancelStragglers whether transactions that outlast the grace are ended
 * @param sequenceMargin how many steps beyond the source's the target's sequences are set
 * @param reverseSlot the slot that the run makes on the target, in place of an existing one; the empty text for the
 *     usual name
 * @param fence how the source is kept from accepting writes; the weaker kind lets a session write that asks for it
 *     explicitly
 * @param verifyTables tables whose rows are counted
 * @param uncounted tables whose rows are not counted
 */
public record RepeatedOptions(
        BarrierChoice barrier,
        Set<String> exemptRoles,
        Set<String> without,
        boolean cancelStragglers,
        long sequenceMargin,
        Optional<String> reverseSlot,
        FenceKind fence,
        List<String> verifyTables,
        List<String> uncounted) {
    public static final RepeatedOptions NONE = new RepeatedOptions(
            BarrierChoice.FOUND_BY_ITSELF,
            Set.of(),
            Set.of(),
            false,
            0,
            Optional.empty(),
            FenceKind.READ_ONLY,
            List.of(),
            List.of());

    public RepeatedOptions {
        if (sequenceMargin < 0) {
            throw new InvalidSettingsException("--sequence-margin is " + sequenceMargin + "; it must be 0 or more");
        }
        exemptRoles = Set.copyOf(exemptRoles);
        without = Set.copyOf(without);
        verifyTables = List.copyOf(verifyTables);
        uncounted = List.copyOf(uncounted);
    }

    RepeatedOptions with(BarrierChoice other) {
        return new RepeatedOptions(
                other,
                exemptRoles,
                without,
                cancelStragglers,
                sequenceMargin,
                reverseSlot,
                fence,
                verifyTables,
                uncounted);
    }

    RepeatedOptions without(Set<String> names) {
        return new RepeatedOptions(
                barrier,
                exemptRoles,
                names,
                cancelStragglers,
                sequenceMargin,
                reverseSlot,
                fence,
                verifyTables,
                uncounted);
    }

    public RepeatedOptions with(Optional<String> slot) {
        return new RepeatedOptions(
                barrier, exemptRoles, without, cancelStragglers, sequenceMargin, slot, fence, verifyTables, uncounted);
    }

    /**
     * The options that, given again, differ from those in {@code journalled}, each with its journalled value; empty if
     * none differs.
     */
    public List<String> differences(RepeatedOptions journalled) {
        List<String> differences = new ArrayList<>();
        if (!barrier.isSameAs(journalled.barrier)) {
            differences.add(began(journalled.barrier, barrier));
        }
        differ(differences, "--exempt-role", exemptRoles, journalled.exemptRoles);
        if (!sameInstances(journalled.without)) {
            differ(differences, "--without", without, journalled.without);
        }
        differ(differences, "--cancel-stragglers", flag(cancelStragglers), flag(journalled.cancelStragglers));
        differ(differences, "--sequence-margin", margin(sequenceMargin), margin(journalled.sequenceMargin));
        differ(differences, "--reverse-slot", set(reverseSlot), set(journalled.reverseSlot));
        differ(differences, "--fence", kind(fence), kind(journalled.fence));
        differ(differences, "--verify-table", verifyTables, journalled.verifyTables);
        differ(differences, "--skip-count", uncounted, journalled.uncounted);
        return differences;
    }

    private static String began(BarrierChoice then, BarrierChoice now) {
        if (then.equals(BarrierChoice.FOUND_BY_ITSELF)) {
            return "without " + now.option();
        }
        return "with " + then.option() + (then.kind() == BarrierChoice.Kind.NONE ? "" : " (" + then + ")");
    }

    private static void differ(
            List<String> differences, String option, Collection<String> now, Collection<String> then) {
        if (!Set.copyOf(now).equals(Set.copyOf(then))) {
            differences.add(
                    then.isEmpty()
                            ? "without " + option
                            : ("with " + option + " " + String.join(", ", new TreeSet<>(then))).strip());
        }
    }

    /** The journal has whole names, and the operator may have typed the instance alone. */
    private boolean sameInstances(Set<String> names) {
        return without.size() == names.size()
                && names.stream().allMatch(name -> without.stream()
                        .anyMatch(typed -> name.equals(typed) || name.endsWith("/" + typed)));
    }

    private static Set<String> flag(boolean set) {
        return set ? Set.of("") : Set.of();
    }

    private static Set<String> kind(FenceKind kind) {
        return kind == FenceKind.READ_ONLY ? Set.of() : Set.of(kind.toString());
    }

    private static Set<String> margin(long steps) {
        return steps == 0 ? Set.of() : Set.of(Long.toString(steps));
    }

    private static Set<String> set(Optional<String> value) {
        return value.map(Set::of).orElse(Set.of());
    }
}
