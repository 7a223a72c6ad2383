package dev.connectionregistry.admin.replication.postgres;

import java.util.Map;

/**
 * Which servers lose changes when a table is added to a publication while a transaction is open that has written to it: what that
 * transaction writes afterwards is passed over by a decoder that has already looked the table up. Repaired in May 2025, in the
 * versions that were still looked after then; the others need the table locked against writers for the moment of the statement.
 */
final class AddTableLoss {
    /** The first minor release that doesn't, by major. */
    private static final Map<Integer, Integer> REPAIRED = Map.of(13, 21, 14, 18, 15, 13, 16, 9, 17, 5);

    private static final int NEVER_HAD_IT = 18;

    private AddTableLoss() {}

    /** Whether a server of this {@code server_version_num} does. */
    static boolean in(int version) {
        int major = version / 10_000;
        if (major >= NEVER_HAD_IT) {
            return false;
        }
        Integer repaired = REPAIRED.get(major);
        return repaired == null || version % 10_000 < repaired;
    }
}
