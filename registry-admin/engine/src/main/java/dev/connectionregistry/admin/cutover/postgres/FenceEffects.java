package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.FenceChange;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Call;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Grant;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.ReadOnlyDefault;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The current state of everything that a fence may change. Tells which changes of a plan are in force, so that taking a
 * fence down reverts only what it changed. Immutable.
 *
 * @param defaults every {@code default_transaction_read_only} of the database, of a role, or of a role in the database
 * @param connects who may log in to the database
 * @param calls who may call the functions that write in spite of a read-only transaction
 */
record FenceEffects(List<ReadOnlyDefault> defaults, List<Grant> connects, List<Call> calls) {
    /** Whether new sessions of the database are read-only by default, as they are behind a fence of either kind. */
    boolean isReadOnly() {
        return isReadOnly(defaults);
    }

    /** The same as {@link #isReadOnly()}. */
    static boolean isReadOnly(List<ReadOnlyDefault> defaults) {
        return defaults.stream().anyMatch(each -> each.role() == null && each.on());
    }

    /** Whether new sessions of {@code role} are read-only by default. */
    boolean isReadOnlyFor(String role) {
        return own(role, true)
                .or(() -> own(role, false))
                .or(() -> own(null, true))
                .filter(ReadOnlyDefault::on)
                .isPresent();
    }

    /** The changes of {@code plan} that are in force, in the order in which they are to be reverted. */
    List<FenceChange> ofPlan(FencePlan plan) {
        List<FenceChange> changes = new ArrayList<>(plan.changes());
        Collections.reverse(changes);
        return changes.stream().filter(this::isInForce).toList();
    }

    private boolean isInForce(FenceChange change) {
        if (change instanceof FenceChange.Default set) {
            return isInForce(set);
        }
        if (change instanceof FenceChange.Given given) {
            return isGranted(given.right(), Optional.of(given.role()));
        }
        if (change instanceof FenceChange.Taken taken) {
            return !isGranted(taken.right(), taken.grant().role());
        }
        throw new AssertionError(change);
    }

    /** If the default was the same before, there is nothing to revert. */
    private boolean isInForce(FenceChange.Default set) {
        boolean changed =
                set.before().map(text -> FencePlan.isOn(text) != set.readOnly()).orElse(true);
        return changed
                && own(set.role().orElse(null), true)
                        .filter(now -> now.on() == set.readOnly())
                        .isPresent();
    }

    private boolean isGranted(FenceChange.Right right, Optional<String> role) {
        return right
                .function()
                .map(function -> calls.stream()
                        .filter(call -> call.signature().equals(function.signature()))
                        .map(Call::grant)
                        .toList())
                .orElse(connects)
                .stream()
                .anyMatch(grant -> Optional.ofNullable(grant.grantee()).equals(role));
    }

    private Optional<ReadOnlyDefault> own(@Nullable String role, boolean inDatabase) {
        return defaults.stream()
                .filter(each -> Objects.equals(each.role(), role) && each.inDatabase() == inDatabase)
                .findFirst();
    }
}
