package dev.connectionregistry.admin.replication.status;

import java.util.Arrays;

/** How far a table of a subscription is, in the order in which it goes. */
public enum TableState {
    /** Nothing was done yet. */
    WAITING("i", "waits for its copy"),
    /** Its rows are being copied. */
    COPYING("d", "is being copied"),
    /** Its rows are there, later changes aren't yet. */
    COPIED("f", "is copied, catches up"),
    /** It has caught up and is handed over to the subscription's main worker. */
    SYNCHRONIZED("s", "has caught up"),
    /** It follows every change. */
    FOLLOWING("r", "follows"),
    /** Something that this program doesn't know. */
    UNKNOWN("", "in an unknown state");

    private final String code;
    private final String words;

    TableState(String code, String words) {
        this.code = code;
        this.words = words;
    }

    /** For the catalog's {@code srsubstate}. */
    public static TableState of(String code) {
        return Arrays.stream(values())
                .filter(each -> each.code.equals(code))
                .findFirst()
                .orElse(UNKNOWN);
    }

    /** For people. */
    public String words() {
        return words;
    }
}
