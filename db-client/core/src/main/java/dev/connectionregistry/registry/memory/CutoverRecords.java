package dev.connectionregistry.registry.memory;

import dev.connectionregistry.core.internal.codec.LockCodec;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Locks and journals. Not thread-safe: guarded by the registry that has it. */
final class CutoverRecords {
    private final Map<DatabaseName, Map<String, Object>> locks = new HashMap<>();
    private final Map<DatabaseName, Map<String, Map<String, Object>>> journals = new HashMap<>();

    Optional<CutoverLock> lock(DatabaseName database) {
        try {
            return Optional.ofNullable(locks.get(database)).map(each -> LockCodec.lock(database, each));
        } catch (InvalidSettingsException e) {
            throw new RegistryException(Kind.INVALID, String.valueOf(e.getMessage()), e);
        }
    }

    boolean writeLocks(List<CutoverLock> next) {
        CutoverRegistry.requireRoom(next.size());
        boolean follows = next.stream()
                .allMatch(each -> lock(each.database()).map(CutoverLock::epoch).orElse(0L) == each.epoch() - 1);
        if (follows) {
            next.forEach(this::putLock);
        }
        return follows;
    }

    private void putLock(CutoverLock next) {
        putLock(next.database(), LockCodec.toDocument(next));
        if (!next.journal().equals(next.database())) {
            putJournal(next.database(), next.runId(), LockCodec.reference(next));
        }
    }

    void putLock(DatabaseName database, Map<String, ?> document) {
        locks.put(database, Collections.unmodifiableMap(new LinkedHashMap<>(document)));
    }

    boolean isHeld(CutoverLock held) {
        return held.isStillHeld(lock(held.database()));
    }

    boolean writeJournal(CutoverLock held, Map<String, ?> document) {
        Map<String, Object> copy = copy(document);
        if (!isHeld(held)) {
            return false;
        }
        runs(held.database()).put(held.runId(), copy);
        return true;
    }

    void putJournal(DatabaseName database, String runId, Map<String, ?> document) {
        runs(database).put(runId, Collections.unmodifiableMap(new LinkedHashMap<>(document)));
    }

    Optional<Map<String, Object>> journal(DatabaseName database, String runId) {
        return Optional.ofNullable(runs(database).get(runId)).flatMap(document -> followed(document, runId));
    }

    /** The journal itself, or the one that this document refers to. */
    private Optional<Map<String, Object>> followed(Map<String, Object> document, String runId) {
        return LockCodec.referenced(document)
                .map(home -> Optional.ofNullable(runs(home).get(runId)))
                .orElse(Optional.of(document));
    }

    List<Map<String, Object>> journals(DatabaseName database, int limit) {
        return runs(database).entrySet().stream()
                .flatMap(run -> followed(run.getValue(), run.getKey()).stream())
                .sorted(CutoverRegistry.LATEST_FIRST)
                .limit(Math.max(0, limit))
                .toList();
    }

    private Map<String, Map<String, Object>> runs(DatabaseName database) {
        return journals.computeIfAbsent(database, name -> new HashMap<>());
    }

    private static Map<String, Object> copy(Map<?, ?> document) {
        Map<String, Object> copy = new LinkedHashMap<>();
        document.forEach((name, value) -> copy.put(String.valueOf(name), plain(value)));
        return Collections.unmodifiableMap(copy);
    }

    /**
     * Converts a value to what the table would return: whole numbers become {@code Long}s, and nothing is shared with
     * the caller.
     */
    private static Object plain(@Nullable Object value) {
        if (value instanceof String || value instanceof Boolean || value instanceof Long) {
            return value;
        } else if (value instanceof Integer number) {
            return number.longValue();
        } else if (value instanceof Collection<?> list) {
            List<Object> copy = new ArrayList<>();
            list.forEach(each -> copy.add(plain(each)));
            return Collections.unmodifiableList(copy);
        } else if (value instanceof Map<?, ?> map) {
            return copy(map);
        }
        throw new RegistryException(
                Kind.INVALID,
                "a value of a journal is "
                        + (value == null ? "null" : "a " + value.getClass().getSimpleName())
                        + "; allowed are texts, whole numbers, booleans, lists and maps",
                null);
    }
}
