package dev.connectionregistry.core.internal.secrets;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/**
 * Reads files that settings name: only regular files of a bounded size, and none below the kernel's and device folders,
 * not even through a symbolic link. Opening or reading another kind of file may block for ever. Thread-safe.
 */
public final class BoundedFile {
    private static final List<Path> NEVER = List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

    private BoundedFile() {}

    /** A file that is refused; the message continues a sentence that begins with the file's name. */
    public static final class UnusableFileException extends IOException {
        private static final long serialVersionUID = 1L;

        private UnusableFileException(String message, Throwable cause) {
            super(message, cause);
        }

        private UnusableFileException(String message) {
            super(message);
        }
    }

    /**
     * Checks whether a file may be read, without opening it.
     *
     * @param maximumBytes the largest size accepted
     * @throws UnusableFileException saying why not
     */
    public static void check(String location, long maximumBytes) throws UnusableFileException {
        Path unused = readable(location, maximumBytes);
        assert unused != null;
    }

    /** The file that the name refers to, with symbolic links resolved. */
    private static Path readable(String location, long maximumBytes) throws UnusableFileException {
        try {
            Path named = Path.of(location).toAbsolutePath().normalize();
            refuseKernels(named);
            Path real = named.toRealPath();
            refuseKernels(real);
            BasicFileAttributes attributes = Files.readAttributes(real, BasicFileAttributes.class);
            if (!attributes.isRegularFile()) {
                throw new UnusableFileException("is not a regular file");
            }
            if (attributes.size() > maximumBytes) {
                throw new UnusableFileException("is larger than " + maximumBytes / 1024 + " KiB");
            }
            return real;
        } catch (UnusableFileException e) {
            throw e;
        } catch (IOException | InvalidPathException e) {
            throw unreadable(e);
        }
    }

    private static void refuseKernels(Path path) throws UnusableFileException {
        for (Path folder : NEVER) {
            if (path.startsWith(folder)) {
                throw new UnusableFileException("is below " + folder + ", where nothing is read");
            }
        }
    }

    private static UnusableFileException unreadable(Exception cause) {
        return new UnusableFileException(
                "can't be read (" + cause.getClass().getSimpleName()
                        + "); check that it exists and that this process may read it",
                cause);
    }

    /**
     * The content of a text file. An interrupt ends the read, unless the file system no longer answers.
     *
     * @throws UnusableFileException if it is refused, unreadable, or grows beyond {@code maximumBytes} meanwhile
     */
    static String readText(String location, int maximumBytes) throws UnusableFileException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(read(location, maximumBytes)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new UnusableFileException("is not UTF-8 text", e);
        }
    }

    private static byte[] read(String location, int maximumBytes) throws UnusableFileException {
        Path file = readable(location, maximumBytes);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer buffer = ByteBuffer.allocate(8 * 1024);
            ByteArrayOutputStream content = new ByteArrayOutputStream();
            while (channel.read(buffer) >= 0) {
                content.write(buffer.array(), 0, buffer.position());
                buffer.clear();
                if (content.size() > maximumBytes) {
                    throw new UnusableFileException("is larger than " + maximumBytes / 1024 + " KiB");
                }
            }
            return content.toByteArray();
        } catch (UnusableFileException e) {
            throw e;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }
}
