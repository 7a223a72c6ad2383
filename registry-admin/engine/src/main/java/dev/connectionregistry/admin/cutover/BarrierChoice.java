package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.server.Side;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * How it is shown that the target has everything. A query and a command come from the operator only: the journal holds
 * their digest, so that a different one is noticed, and a choice that was read from the journal can't be executed.
 *
 * @param kind the kind of barrier
 * @param text the slot's name (empty: to be found), the SQL, or the command; empty where only its digest is known
 * @param side where the SQL is run
 * @param digest SHA-256 of the SQL or the command, in hexadecimal; empty for the other kinds
 */
public record BarrierChoice(Kind kind, String text, Side side, String digest) {
    /** The logical replication slot between the two servers, which the run finds by itself. */
    public static final BarrierChoice FOUND_BY_ITSELF = new BarrierChoice(Kind.REPLICATION, "", Side.SOURCE);

    /** Nothing is shown, which the operator asked for explicitly. */
    public static final BarrierChoice NONE = new BarrierChoice(Kind.NONE, "", Side.SOURCE);

    private static final int SHOWN_DIGITS = 12;

    public enum Kind {
        /** The subscriber has confirmed the position. */
        REPLICATION,
        /** A query returns true. */
        SQL,
        /** A command exits with 0. */
        COMMAND,
        /** Nothing is shown. */
        NONE;

        /** Whether the operator's text is executed. */
        public boolean isExecuted() {
            return this == SQL || this == COMMAND;
        }
    }

    public BarrierChoice(Kind kind, String text, Side side) {
        this(kind, text, side, kind.isExecuted() ? digestOf(text) : "");
    }

    /** As a journal has it: what would be executed is known by its digest only. */
    public static BarrierChoice journalled(Kind kind, String text, Side side, String digest) {
        return kind.isExecuted() ? new BarrierChoice(kind, "", side, digest) : new BarrierChoice(kind, text, side);
    }

    /**
     * Whether the server's own logical replication is waited for. It is proven, compares positions, and brings rows only; another
     * replicator may bring a schema and sequences as well.
     */
    public boolean isReplication() {
        return kind == Kind.REPLICATION;
    }

    /** Whether there is something to be executed whose text isn't known. */
    public boolean isWithheld() {
        return kind.isExecuted() && text.isEmpty();
    }

    /** Whether both are the same choice, even if one of them is known by its digest only. */
    public boolean isSameAs(BarrierChoice other) {
        return kind == other.kind
                && side == other.side
                && (kind.isExecuted() ? digest.equals(other.digest) : text.equals(other.text));
    }

    /** The SHA-256 of a text in UTF-8, in hexadecimal. */
    public static String digestOf(String text) {
        try {
            MessageDigest sha = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(sha.digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The option that gives this choice, without its value. */
    public String option() {
        return switch (kind) {
            case REPLICATION -> "--slot";
            case SQL -> "--caught-up-sql";
            case COMMAND -> "--caught-up-command";
            case NONE -> "--no-barrier";
        };
    }

    @Override
    public String toString() {
        return switch (kind) {
            case REPLICATION -> text.isEmpty() ? "logical replication; the run finds its slot" : "slot " + text;
            case SQL -> "query on the " + side.word() + ": " + shown();
            case COMMAND -> "command: " + shown();
            case NONE -> "NOTHING: it is not proven that the target has all rows (--no-barrier)";
        };
    }

    private String shown() {
        return isWithheld()
                ? "SHA-256 " + digest.substring(0, Math.min(SHOWN_DIGITS, digest.length())) + "… (the registry doesn't"
                        + " have its text)"
                : text;
    }
}
