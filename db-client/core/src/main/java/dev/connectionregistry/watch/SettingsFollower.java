package dev.connectionregistry.watch;

/**
 * Makes the service use other settings: opens a pool for them, checks that it works, replaces the current pool, and
 * drains that one. A {@link RegistryWatcher} calls it from one thread at a time.
 */
@FunctionalInterface
public interface SettingsFollower {
    /**
     * Uses {@code settings} from now on. May block; is interrupted after a minute, and when the watcher is closed. When
     * it returns, the watcher reports to operators that the service uses the settings, so it must return only when no
     * new work goes to the source.
     *
     * @throws Exception if the settings can't be used; the service must then keep using the previous ones. The message
     *     is reported to operators, so it must not contain a secret; the watcher tries again, with back-off, while
     *     these settings are the newest
     */
    void follow(WatchedSettings settings) throws Exception;
}
