package dev.connectionregistry.admin.cutover;

import java.util.Locale;

/**
 * How it is shown that the new server has everything. Goes into the journal, so nothing in it may be a secret.
 *
 * @param kind by which means
 * @param text the slot's name (empty: to be found), the SQL, or the command
 * @param side where the SQL is run
 */
public record BarrierChoice(Kind kind, String text, Side side) {
    /** The logical replication slot between the two, found by itself. */
    public static final BarrierChoice FOUND_BY_ITSELF = new BarrierChoice(Kind.REPLICATION, "", Side.OLD);

    /** Nothing is shown; said aloud. */
    public static final BarrierChoice NONE = new BarrierChoice(Kind.NONE, "", Side.OLD);

    /** By which means. */
    public enum Kind {
        /** The subscriber has confirmed the position. */
        REPLICATION,
        /** A query says true. */
        SQL,
        /** A command ends with 0. */
        COMMAND,
        /** Not at all. */
        NONE
    }

    /** One of the two servers. */
    public enum Side {
        /** The one that the fleet leaves. */
        OLD,
        /** The one that it goes to. */
        NEW
    }

    /** For people. */
    @Override
    public String toString() {
        String where = side.name().toLowerCase(Locale.ROOT);
        return switch (kind) {
            case REPLICATION -> text.isEmpty() ? "logical replication, its slot found by itself" : "slot " + text;
            case SQL -> "query on the " + where + " server: " + text;
            case COMMAND -> "command: " + text;
            case NONE -> "NOTHING: it is not shown that the new server has all rows (--no-barrier)";
        };
    }
}
