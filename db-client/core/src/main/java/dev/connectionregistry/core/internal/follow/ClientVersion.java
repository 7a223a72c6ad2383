package dev.connectionregistry.core.internal.follow;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The release of registry-core, and so of db-client, from a resource that the build fills in. */
public final class ClientVersion {
    /** The release, such as {@code 0.1.0}. */
    public static final String NUMBER = read();

    private ClientVersion() {}

    private static String read() {
        try (InputStream resource =
                ClientVersion.class.getResourceAsStream("/dev/connectionregistry/version.properties")) {
            Properties properties = new Properties();
            if (resource != null) {
                properties.load(resource);
            }
            return properties.getProperty("version", "unknown");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
