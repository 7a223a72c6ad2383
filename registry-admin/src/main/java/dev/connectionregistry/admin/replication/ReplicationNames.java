package dev.connectionregistry.admin.replication;

import dev.connectionregistry.settings.DatabaseName;
import java.util.regex.Pattern;

/**
 * What this program calls its own on a server: publications, subscriptions and slots of a database all begin with the same
 * words, so that they are found again without being written down anywhere. The same names do for both directions: the publication
 * is on the one server and the subscription on the other. Immutable.
 */
public final class ReplicationNames {
    private static final Pattern NOT_IN_A_SLOT = Pattern.compile("[^a-z0-9_]");
    private static final Pattern LIKE_A_SLICE = Pattern.compile(".*_t\\d+_s\\d+");
    /** Of Postgres' 63, so that {@code _slice_255} and a table's digest have room. */
    private static final int LONGEST = 46;

    private final String base;

    private ReplicationNames(String base) {
        this.base = base;
    }

    /** Of {@code database}; two databases never share names, also where theirs are long or have signs that slots may not. */
    public static ReplicationNames of(DatabaseName database) {
        String plain = "registry_" + NOT_IN_A_SLOT.matcher(database.value()).replaceAll("_");
        boolean same = plain.equals("registry_" + database.value())
                && plain.length() <= LONGEST
                && !LIKE_A_SLICE.matcher(plain).matches();
        if (same) {
            return new ReplicationNames(plain);
        }
        String digest = String.format("%08x", database.value().hashCode());
        return new ReplicationNames(plain.substring(0, Math.min(plain.length(), LONGEST - 9)) + "_" + digest);
    }

    /** The publication, the subscription and the slot of all tables that are copied whole, or not at all. */
    public String main() {
        return base;
    }

    /**
     * The publication, the subscription and the slot of one slice of one table.
     *
     * @param table the table's place among the sliced ones of the plan, from 0
     * @param slice from 0
     */
    public String slice(int table, int slice) {
        return base + "_t" + table + "_s" + slice;
    }

    /** Whether {@code name} is one of these. */
    public boolean isOurs(String name) {
        return name.equals(base)
                || (name.startsWith(base) && name.substring(base.length()).matches("_t\\d+_s\\d+"));
    }
}
