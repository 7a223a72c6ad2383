package dev.connectionregistry.watch;

/**
 * Makes the service use other settings: opens a pool for them, checks that it can be used, puts it in the place of the old one, and
 * drains that. Called by a {@link RegistryWatcher}, by one thread at a time.
 */
@FunctionalInterface
public interface SettingsFollower {
    /**
     * Uses {@code settings} from now on. May block; is interrupted after a minute, and when the watcher is closed. When it returns,
     * operators are told that the service uses them, so it must return only once no new work goes to the old server.
     *
     * @throws Exception if they can't be used; the service must then use what it used before. The message is reported to operators,
     *     so it must not have a secret in it; the watcher tries again, with back-off, while these settings are the newest
     */
    void follow(WatchedSettings settings) throws Exception;
}
