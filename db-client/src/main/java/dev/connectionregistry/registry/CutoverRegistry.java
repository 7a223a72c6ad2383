package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
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
     * @param document plain values, without secrets; at most 300 KB
     * @return whether it was written; false if the lock is lost
     */
    boolean writeJournal(CutoverLock held, Map<String, ?> document);

    /** The journal of a run; empty if there is none. */
    Optional<Map<String, Object>> journal(DatabaseName database, String runId);

    /** The journals of a database's runs, the latest first, {@code limit} at most. */
    List<Map<String, Object>> journals(DatabaseName database, int limit);
}
