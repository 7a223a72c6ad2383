package dev.connectionregistry.secrets;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * {@code file:/path}: the content of a file, without a line break at its end. Read anew for every connection, so that a
 * file which is replaced (a mounted Kubernetes secret, say) takes effect without a restart.
 */
public final class FileSecrets implements SecretResolver {
    private static final long MAXIMUM_BYTES = 64 * 1024;

    @Override
    public String scheme() {
        return "file";
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        String location = request.reference().locator();
        try {
            Path path = Path.of(location);
            if (Files.size(path) > MAXIMUM_BYTES) {
                throw new SecretException("password file " + location + " is larger than 64 KiB", null);
            }
            String value = Files.readString(path).replaceFirst("\\R\\z", "");
            if (value.isEmpty()) {
                throw new SecretException("password file " + location + " is empty", null);
            }
            return new Secret(value);
        } catch (IOException | InvalidPathException e) {
            throw new SecretException(
                    "password file " + location + " can't be read ("
                            + e.getClass().getSimpleName()
                            + "); check that it exists and that this process may read it",
                    e);
        }
    }
}
