package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;

/** Settings to use, with access to their password. Immutable and thread-safe. */
public final class WatchedSettings {
    private final long version;
    private final ConnectionSettings settings;
    private final SecretResolvers secrets;

    WatchedSettings(long version, ConnectionSettings settings, SecretResolvers secrets) {
        this.version = version;
        this.settings = settings;
        this.secrets = secrets;
    }

    /** The version; 0 for a fallback. */
    public long version() {
        return version;
    }

    /** Their content. */
    public ConnectionSettings settings() {
        return settings;
    }

    /**
     * Looks up the password. Call it for each new connection, so that a changed password is noticed. May block for some
     * seconds the first time; works until the watcher is closed. If there are several hosts, use
     * {@link #password(Endpoint)} for all except the first.
     *
     * @throws SecretException if there is no password
     */
    public Secret password() throws SecretException {
        return password(settings.endpoint().each().get(0));
    }

    /**
     * As {@link #password()}, for one of the hosts: a token of {@code rds-iam} is for one server only.
     *
     * @param host one of {@code settings().endpoint().each()}
     * @throws IllegalArgumentException if it is none of them
     * @throws SecretException if there is no password
     */
    public Secret password(Endpoint host) throws SecretException {
        if (!settings.endpoint().each().contains(host)) {
            throw new IllegalArgumentException(host + " is none of the hosts of " + settings.endpoint());
        }
        return secrets.resolve(new SecretRequest(settings.password(), host, settings.username()));
    }

    /** Version and endpoint. */
    @Override
    public String toString() {
        return "version " + version + " (" + settings.endpoint() + ")";
    }
}
