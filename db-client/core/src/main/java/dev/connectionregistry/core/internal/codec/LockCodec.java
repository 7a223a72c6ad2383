package dev.connectionregistry.core.internal.codec;

import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The lock of a cutover as a document of texts, numbers and booleans. The only place that knows its attributes. Each is
 * read within its bounds, since commands calculate with the epoch and show the rest.
 */
public final class LockCodec {
    /** The attribute of {@link CutoverLock#epoch}. */
    public static final String EPOCH = "epoch";
    /** The attribute of {@link CutoverLock#held}. */
    public static final String HELD = "held";
    /** The attribute of {@link CutoverLock#token}. */
    public static final String TOKEN = "token";

    /**
     * The attribute of {@link CutoverLock#journal}; left out if the journal is under this lock's own database, as in
     * earlier releases.
     */
    private static final String JOURNAL = "journal";

    /** More epochs than anybody writes; as many may still follow. */
    private static final long MOST_EPOCHS = Long.MAX_VALUE / 2;

    private static final int LONGEST = 256;
    private static final int LONGEST_AUTHOR = 4096;

    private LockCodec() {}

    public static Map<String, Object> toDocument(CutoverLock lock) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", lock.database().value());
        document.put(EPOCH, lock.epoch());
        document.put("runId", lock.runId());
        document.put(HELD, lock.held());
        document.put(TOKEN, lock.token());
        document.put("by", lock.by());
        document.put("at", lock.at().toString());
        if (!lock.journal().equals(lock.database())) {
            document.put(JOURNAL, lock.journal().value());
        }
        return document;
    }

    /**
     * If another database has the run's journal, this document takes the journal's place and says which one. A release
     * that knows no groups doesn't accept it as a journal, and refuses.
     */
    public static Map<String, Object> reference(CutoverLock lock) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", lock.runId());
        document.put(CutoverRegistry.STARTED_AT, lock.at().toString());
        document.put(JOURNAL, lock.journal().value());
        return document;
    }

    /**
     * The database that has the journal, if {@code document} is such a {@link #reference}; empty if it is the journal
     * itself.
     */
    public static Optional<DatabaseName> referenced(Map<String, ?> document) {
        try {
            return document.get(JOURNAL) instanceof String name
                    ? Optional.of(new DatabaseName(name))
                    : Optional.empty();
        } catch (InvalidSettingsException e) {
            return Optional.empty();
        }
    }

    /**
     * Reads the lock from the document that is stored as {@code database}'s lock.
     *
     * @throws InvalidSettingsException if it isn't one, or if it is another database's
     */
    public static CutoverLock lock(DatabaseName database, Map<String, ?> document) {
        try {
            return read(database, new ReportReader(document));
        } catch (InvalidSettingsException e) {
            throw new InvalidSettingsException(
                    "the lock of a cutover is unreadable: " + Printable.line(String.valueOf(e.getMessage()))
                            + "; see 'A lock that can't be read' in docs/cutover.md for what to replace it with");
        }
    }

    private static CutoverLock read(DatabaseName database, ReportReader reader) {
        String named = reader.text("database", LONGEST);
        if (!named.equals(database.value())) {
            throw new InvalidSettingsException("it says that it belongs to '" + named + "'");
        }
        return new CutoverLock(
                database,
                reader.number(EPOCH, 1, MOST_EPOCHS),
                reader.text("runId", LONGEST),
                reader.flag(HELD),
                reader.text(TOKEN, LONGEST),
                reader.text("by", LONGEST_AUTHOR),
                reader.time("at"),
                reader.optionalText(JOURNAL, LONGEST).map(DatabaseName::new).orElse(database));
    }
}
