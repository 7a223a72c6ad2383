package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.replication.verify.TableSide.KeylessTable;
import dev.connectionregistry.admin.replication.verify.TableSide.RowVersion;
import dev.connectionregistry.admin.replication.verify.TableVerdict.KeyDifference.Kind;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What follows from looking up a key twice on each server, in turn: on the source; on the target, once that has
 * everything that the source had; then both again. Pure.
 *
 * <p>A row is a difference only if one side had the same version of it before and after the look at the other side, and
 * that other side was no longer behind: then no change was on its way. Any other row is either equal at one of the
 * moments, or changes too quickly to be judged this time.
 */
public enum Judgement {
    /** Both had the same. */
    EQUAL,
    /** The source has a row that the target lacks. */
    MISSING_ON_TARGET,
    /** The target has a row that the source lacks. */
    ONLY_ON_TARGET,
    /** The rows differ. */
    OTHER_CONTENT,
    /** It was written to meanwhile; look again. */
    UNDECIDED;

    /** Judges four looks in the order of the parameters; null for no row. */
    public static Judgement of(
            @Nullable RowVersion source1,
            @Nullable RowVersion target1,
            @Nullable RowVersion source2,
            @Nullable RowVersion target2) {
        if (same(source1, target1) || same(source2, target2)) {
            return EQUAL;
        }
        if (source1 != null && source2 != null && source1.version().equals(source2.version())) {
            return target1 == null ? MISSING_ON_TARGET : OTHER_CONTENT;
        }
        if (target1 != null && target2 != null && target1.version().equals(target2.version())) {
            return source2 == null ? ONLY_ON_TARGET : OTHER_CONTENT;
        }
        return UNDECIDED;
    }

    private static boolean same(@Nullable RowVersion one, @Nullable RowVersion other) {
        return Objects.equals(one == null ? null : one.content(), other == null ? null : other.content());
    }

    /** Judges a table without a key, looked at as a whole in the same order. Never tells which row differs. */
    public static Judgement ofWhole(
            KeylessTable source1, KeylessTable target1, KeylessTable source2, KeylessTable target2) {
        if (source1.content().equals(target1.content()) || source2.content().equals(target2.content())) {
            return EQUAL;
        }
        boolean still = source1.versions().equals(source2.versions())
                && target1.versions().equals(target2.versions());
        return still ? OTHER_CONTENT : UNDECIDED;
    }

    /** What is wrong with the row; empty if nothing is known to be. */
    public Optional<Kind> difference() {
        return switch (this) {
            case MISSING_ON_TARGET -> Optional.of(Kind.MISSING_ON_TARGET);
            case ONLY_ON_TARGET -> Optional.of(Kind.ONLY_ON_TARGET);
            case OTHER_CONTENT -> Optional.of(Kind.OTHER_CONTENT);
            case EQUAL, UNDECIDED -> Optional.empty();
        };
    }
}
