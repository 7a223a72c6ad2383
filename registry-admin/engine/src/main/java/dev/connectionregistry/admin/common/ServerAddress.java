package dev.connectionregistry.admin.common;

import dev.connectionregistry.settings.Endpoint;
import java.util.Locale;

/** A server's address without the database, as a key and for people. Pure. */
public final class ServerAddress {
    private ServerAddress() {}

    /** {@code host:port}, as endpoints write it, whatever the case of the host's name and whether a dot ends it. */
    public static String of(Endpoint endpoint) {
        String host = endpoint.host().toLowerCase(Locale.ROOT);
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        return (name.indexOf(':') >= 0 ? "[" + name + "]" : name) + ":" + endpoint.port();
    }
}
