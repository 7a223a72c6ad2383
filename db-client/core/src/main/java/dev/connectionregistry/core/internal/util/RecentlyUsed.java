package dev.connectionregistry.core.internal.util;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

/**
 * Values by keys that come from settings. Remembers only the most recently used ones, since somebody who may write
 * settings could otherwise fill the memory. A key that was forgotten starts again. Thread-safe.
 */
public final class RecentlyUsed<K, V> {
    private final int most;
    private final V none;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<K, V> values = new LinkedHashMap<>(16, 0.75f, true); // guarded by "lock"

    /**
     * Remembers at most {@code most} values.
     *
     * @param none the value of a key that isn't remembered
     */
    public RecentlyUsed(int most, V none) {
        this.most = most;
        this.none = none;
    }

    public V get(K key) {
        lock.lock();
        try {
            return values.getOrDefault(key, none);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Replaces the value of this key and returns the new one. {@code change} must neither block nor use this object.
     */
    public V update(K key, UnaryOperator<V> change) {
        lock.lock();
        try {
            V changed = change.apply(values.getOrDefault(key, none));
            values.put(key, changed);
            if (values.size() > most) {
                Iterator<K> eldest = values.keySet().iterator();
                K unused = eldest.next();
                assert !unused.equals(key);
                eldest.remove();
            }
            return changed;
        } finally {
            lock.unlock();
        }
    }
}
