package dev.connectionregistry.core.internal.follow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.core.internal.codec.VersionBounds;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings for which a pool was last opened, in a JSON file. The file is written under a temporary name and then
 * moved into place, so it is always complete; it has a checksum, so damage is noticed; only its owner can read it. It
 * holds password references, never passwords. Not thread-safe.
 */
public final class SnapshotFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();
    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();

    /** Larger than any item of the table. */
    private static final long LARGEST = 1_000_000;

    private final Path file;
    private final DatabaseName database;

    /** The snapshot of one database, at {@code file}. Doesn't touch the file yet. */
    public SnapshotFile(Path file, DatabaseName database) {
        this.file = file;
        this.database = database;
    }

    /**
     * The content of a snapshot.
     *
     * @param version the version of the settings
     * @param settings their content
     */
    public record Content(long version, ConnectionSettings settings) {}

    /**
     * Reads the file.
     *
     * @throws UnusableException if the file is missing, damaged, or another database's; the message says which
     */
    public Content load() throws UnusableException {
        @Nullable Map<String, Object> document;
        try {
            if (Files.size(file) > LARGEST) {
                throw damaged("it has more than " + LARGEST + " bytes");
            }
            document = JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, Object>>() {});
        } catch (NoSuchFileException e) {
            throw new UnusableException("there is no file " + file);
        } catch (JsonProcessingException e) {
            throw damaged("it is not JSON");
        } catch (IOException e) {
            throw new UnusableException(file + " can't be read: " + e);
        }
        if (document == null) { // the JSON text null
            throw damaged("it is empty");
        }
        Object checksum = document.remove("sha256");
        if (!(checksum instanceof String given) || !given.equals(checksum(document))) {
            throw damaged("its checksum doesn't match");
        }
        if (!database.value().equals(document.get("database"))) {
            throw new UnusableException(file + " belongs to database '" + document.get("database") + "'");
        }
        try {
            long version = SettingsCodec.version(document).orElseThrow(() -> damaged("it has no version"));
            if (version < 1 || !VersionBounds.isPlausible(0, version)) {
                throw damaged("its version is " + version);
            }
            return new Content(version, SettingsCodec.settings(document));
        } catch (InvalidSettingsException e) {
            throw damaged(String.valueOf(e.getMessage()));
        }
    }

    private UnusableException damaged(String how) {
        return new UnusableException(file + " is damaged: " + how
                + "; delete it: the next start that reaches the registry writes a new one");
    }

    /**
     * Replaces the file.
     *
     * @throws IOException if it can't be written; the previous file remains
     */
    public void save(Content content) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("format", SettingsCodec.FORMAT);
        document.put("database", database.value());
        document.put("version", content.version());
        document.putAll(SettingsCodec.toDocument(content.settings()));
        document.put("sha256", checksum(document));
        Path folder = file.toAbsolutePath().getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        Path temporary = Files.createTempFile(folder, "." + file.getFileName(), ".tmp", ownerOnly());
        try {
            writeDurably(temporary, JSON.writeValueAsBytes(document));
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private static FileAttribute<?>[] ownerOnly() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    private static void writeDurably(Path target, byte[] bytes) throws IOException {
        try (FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE)) {
            ByteBuffer buffer = ByteBuffer.wrap(bytes);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            channel.force(true);
        }
    }

    private static String checksum(Map<String, Object> document) {
        try {
            byte[] canonical = CANONICAL.writeValueAsString(document).getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(canonical));
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }

    /** The snapshot can't be used; the message says why. */
    public static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }
}
