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
 * What a cutover keeps in the registry: its lock, its journal, and settings that are written under the lock. Implementations are
 * thread-safe and bound every call in time.
 *
 * <p>Every method throws {@link RegistryException} if the registry can't be reached or refuses; of kind
 * {@code OUTCOME_UNKNOWN} if a write may or may not have taken effect, or may still do so. Taking the next epoch settles
 * that: whatever was written under an earlier one has then either taken effect or never will.
 */
public interface CutoverRegistry {
    /** The attribute of a journal that says when its run started, as ISO-8601 in UTC. */
    String STARTED_AT = "startedAt";

    /** Journals by when their run started, the latest first; those that don't say come last. */
    Comparator<Map<String, ?>> LATEST_FIRST = Comparator.<Map<String, ?>, Instant>comparing(CutoverRegistry::startedAt)
            .reversed();

    private static Instant startedAt(Map<String, ?> journal) {
        try {
            return journal.get(STARTED_AT) instanceof String text ? Instant.parse(text) : Instant.MIN;
        } catch (DateTimeParseException e) {
            return Instant.MIN;
        }
    }

    /** The lock as it stands; empty if it was never taken. Reads consistently. */
    Optional<CutoverLock> lock(DatabaseName database);

    /**
     * Writes the lock on condition that the epoch that stands is {@code next.epoch() - 1} (for epoch 1: that there is none).
     *
     * @return whether {@code next} stands now; false if somebody else wrote first
     */
    boolean writeLock(CutoverLock next);

    /** As {@link RegistryAdministration#write}, on condition also that {@code held} is the lock that stands. */
    WriteResult write(VersionedSettings next, CutoverLock held);

    /**
     * Writes the journal of a run, replacing what it said before, on condition that {@code held} is the lock that stands.
     *
     * @param document strings, whole numbers, booleans, and lists and maps of such, without secrets; at most 300 KB. Its
     *     {@link #STARTED_AT} decides its place among {@link #journals}
     * @return whether it was written; false if the lock is lost
     */
    boolean writeJournal(CutoverLock held, Map<String, ?> document);

    /** The journal of a run; empty if there is none. */
    Optional<Map<String, Object>> journal(DatabaseName database, String runId);

    /** The journals of a database's runs, the latest first, {@code limit} at most. */
    List<Map<String, Object>> journals(DatabaseName database, int limit);
}
