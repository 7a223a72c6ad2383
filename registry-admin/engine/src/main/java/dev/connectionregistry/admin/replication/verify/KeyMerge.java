package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.replication.verify.TableSide.KeyRow;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the keys of two sides, both sorted by their hash, and finds those that one side lacks, has more than
 * once, or has with different contents. Holds one row of each at a time. For one thread.
 */
final class KeyMerge {
    private final Rows source;
    private final Rows target;
    private @Nullable KeyRow left;
    private @Nullable KeyRow right;

    /** Rows that come one after the other. */
    @FunctionalInterface
    interface Rows {
        /** The next row; null after the last. */
        @Nullable
        KeyRow next() throws ServerException;
    }

    KeyMerge(Rows source, Rows target) throws ServerException {
        this.source = source;
        this.target = target;
        this.left = source.next();
        this.right = target.next();
    }

    /** The rows of a list; for tests and small inputs. */
    static Rows of(List<KeyRow> rows) {
        Iterator<KeyRow> iterator = rows.iterator();
        return () -> iterator.hasNext() ? iterator.next() : null;
    }

    /** The next keys that differ, up to {@code atMost} of them; fewer only at the end. */
    List<List<String>> next(int atMost) throws ServerException {
        List<List<String>> found = new ArrayList<>();
        while (found.size() < atMost && (left != null || right != null)) {
            String hash = smaller();
            List<KeyRow> these = take(hash, Side.SOURCE);
            List<KeyRow> those = take(hash, Side.TARGET);
            if (!alike(these, those)) {
                found.add((these.isEmpty() ? those : these).get(0).key());
            }
        }
        return found;
    }

    private static boolean alike(List<KeyRow> these, List<KeyRow> those) {
        return these.size() == 1
                && those.size() == 1
                && these.get(0).content().equals(those.get(0).content());
    }

    private String smaller() {
        KeyRow one = left;
        KeyRow other = right;
        if (one == null || other == null) {
            return one != null ? one.hash() : other != null ? other.hash() : "";
        }
        return one.hash().compareTo(other.hash()) <= 0 ? one.hash() : other.hash();
    }

    private List<KeyRow> take(String hash, Side side) throws ServerException {
        List<KeyRow> taken = new ArrayList<>();
        KeyRow row = side == Side.SOURCE ? left : right;
        while (row != null && row.hash().equals(hash)) {
            if (taken.size() < 2) { // two rows are enough to know that the key isn't unique
                taken.add(row);
            }
            row = side.of(source, target).next();
        }
        if (side == Side.SOURCE) {
            left = row;
        } else {
            right = row;
        }
        return taken;
    }
}
