package dev.connectionregistry.admin.replication.postgres.follow;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A subscription of the target's database, as the target has it. Immutable.
 *
 * @param name its name
 * @param slot the slot that it is to read from; empty for none
 * @param enabled whether it is to run
 * @param publications what it takes part in
 * @param worker its leading worker: process, and start where that may be seen; empty for none
 * @param received the position up to which that worker has received the log of its server; empty if it has received nothing
 */
public record TargetSubscription(
        String name, String slot, boolean enabled, Set<String> publications, String worker, OptionalLong received) {
    /** Copies the set. */
    public TargetSubscription {
        publications = Set.copyOf(publications);
    }

    static TargetSubscription read(ResultSet row) throws SQLException {
        long received = row.getLong(7);
        boolean nothing = row.wasNull() || received == 0;
        int pid = row.getInt(5);
        return new TargetSubscription(
                row.getString(1),
                row.getString(2),
                row.getBoolean(3),
                Set.of((String[]) row.getArray(4).getArray()),
                pid == 0 ? "" : pid + " " + row.getString(6),
                nothing ? OptionalLong.empty() : OptionalLong.of(received));
    }
}
