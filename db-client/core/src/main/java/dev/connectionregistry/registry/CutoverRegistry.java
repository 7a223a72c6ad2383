package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a cutover keeps in the registry: its locks, its journal, and settings that are written under the locks. A run
 * may move several databases of the registry: it then has a lock for each, and one transaction writes all their locks
 * or all their settings. Implementations are thread-safe and bound every call in time.
 *
 * <p>Every method throws {@link RegistryException} if the registry can't be reached or refuses; the kind is
 * {@code OUTCOME_UNKNOWN} if a write may have taken effect or may still do so. Taking the next epoch settles that: a
 * write under an earlier epoch has then either taken effect or never will.
 */
public interface CutoverRegistry {
    /** The attribute of a journal that says when its run started, as ISO-8601 in UTC. */
    String STARTED_AT = "startedAt";

    /** How many databases one run can move: each needs three items of a transaction, which has room for 100. */
    int MOST_DATABASES = 33;

    /** Orders journals by the start of their run, the latest first; journals without a start come last. */
    Comparator<Map<String, ?>> LATEST_FIRST = Comparator.<Map<String, ?>, Instant>comparing(CutoverRegistry::startedAt)
            .reversed();

    private static Instant startedAt(Map<String, ?> journal) {
        try {
            return journal.get(STARTED_AT) instanceof String text ? Instant.parse(text) : Instant.MIN;
        } catch (DateTimeParseException e) {
            return Instant.MIN;
        }
    }

    /** The current lock; empty if it was never taken. Reads consistently. */
    Optional<CutoverLock> lock(DatabaseName database);

    /** As {@link #writeLocks}, for a run that moves one database. */
    default boolean writeLock(CutoverLock next) {
        return writeLocks(List.of(next));
    }

    /**
     * Writes all locks of a run, or none, on condition that the current epoch of each is {@code epoch() - 1} (for epoch
     * 1: that there is no lock).
     *
     * @param next one for each database, 1 to {@link #MOST_DATABASES}
     * @return whether the locks are written; false if another coordinator wrote one of them first
     * @throws RegistryException also, of kind INVALID, if there are too many
     */
    boolean writeLocks(List<CutoverLock> next);

    /** As {@link #writeAll}, for a run that moves one database. */
    default WriteResult write(VersionedSettings next, CutoverLock held) {
        return writeAll(List.of(next), List.of(held))
                .map(NotWritten::why)
                .orElseGet(() -> new WriteResult.Written(next));
    }

    /**
     * Writes all these settings, or none, on condition that each follows the current version, and that each lock in
     * {@code held} is the current one.
     *
     * @param next one for each database, at least one
     * @param held all locks of the run, at most {@link #MOST_DATABASES}
     * @return why none was written; empty if all were
     * @throws RegistryException also, of kind INVALID, if there are too many or they are too large for one transaction
     */
    Optional<NotWritten> writeAll(List<VersionedSettings> next, List<CutoverLock> held);

    /**
     * Why nothing was written.
     *
     * @param database the first database on which it failed
     * @param why {@link WriteResult.Conflict} or {@link WriteResult.LockLost}
     */
    record NotWritten(DatabaseName database, WriteResult why) {}

    /**
     * Checks that a run with this many databases fits into a transaction.
     *
     * @throws RegistryException of kind INVALID, with the number, if it doesn't
     */
    static void requireRoom(int databases) {
        if (databases > MOST_DATABASES) {
            throw new RegistryException(
                    RegistryException.Kind.INVALID,
                    "a cutover of " + databases + " names is too large: one transaction has room for " + MOST_DATABASES,
                    null);
        }
    }

    /**
     * Writes the journal of a run, replacing its earlier content, on condition that {@code held} is the current lock.
     *
     * @param held the lock of the database that keeps the journal
     * @param document strings, whole numbers, booleans, and lists and maps of these, without secrets; at most 300 KB.
     *     Its {@link #STARTED_AT} decides its position in {@link #journals}
     * @return whether it was written; false if the lock is lost
     */
    boolean writeJournal(CutoverLock held, Map<String, ?> document);

    /** The journal of a run that moves this database, alone or with others; empty if there is none. */
    Optional<Map<String, Object>> journal(DatabaseName database, String runId);

    /** The journals of a database's runs, the latest first, {@code limit} at most. */
    List<Map<String, Object>> journals(DatabaseName database, int limit);
}
