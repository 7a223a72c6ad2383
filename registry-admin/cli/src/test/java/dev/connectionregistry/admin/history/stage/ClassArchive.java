package dev.connectionregistry.admin.history.stage;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Lets programs of this class path start in two thirds of the time: the JVM takes their classes from an archive, which the first
 * of them to end in an orderly way has written. Only classes from jars can be archived, so what is in folders is put into jars.
 * All is kept beside these folders, under a name that tells what it was made of; JVMs that make it at the same time don't
 * disturb each other. Thread-safe.
 */
final class ClassArchive {
    private final Path folder;
    private final String classPath;
    private final Set<Class<?>> begun = ConcurrentHashMap.newKeySet();

    /**
     * One start of a program.
     *
     * @param options what to start the JVM with
     * @param written where it writes an archive at its end, if it was asked to
     * @param archive where that belongs
     */
    record Start(List<String> options, Optional<Path> written, Path archive) {
        /** To be called when the process has ended: others may use what it wrote. */
        void ended() {
            try {
                if (written.isPresent() && Files.exists(written.get())) { // who was killed wrote none
                    Files.move(written.get(), archive, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot keep " + archive, e);
            }
        }
    }

    private ClassArchive(Path folder, String classPath) {
        this.folder = folder;
        this.classPath = classPath;
    }

    /** For programs of this JVM's own class path, in which there is a folder. */
    static ClassArchive ofOwnClassPath() {
        List<Path> entries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator, -1))
                .filter(entry -> !entry.isEmpty()) // the working directory, which has no classes
                .map(Path::of)
                .filter(Files::exists)
                .toList();
        try {
            Path first = entries.stream().filter(Files::isDirectory).findFirst().orElseThrow();
            Path folder = Files.createDirectories(first.resolveSibling("class-archive-" + fingerprint(entries)));
            List<String> jars = new ArrayList<>();
            for (int number = 0; number < entries.size(); number++) {
                Path entry = entries.get(number);
                Path jar = Files.isDirectory(entry) ? jar(entry, folder.resolve(number + ".jar")) : entry;
                jars.add(jar.toString());
            }
            return new ClassArchive(folder, String.join(File.pathSeparator, jars));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot put classes into jars", e);
        }
    }

    /** What to start a program with. The first time in this JVM it is asked to write an archive, unless there is one. */
    Start start(Class<?> main) throws IOException {
        Path archive = folder.resolve(main.getSimpleName() + ".jsa");
        List<String> options = new ArrayList<>(List.of("-cp", classPath));
        Optional<Path> written = Optional.empty();
        if (Files.exists(archive)) {
            options.add("-XX:SharedArchiveFile=" + archive);
        } else if (begun.add(main)) {
            Path own = folder.resolve(
                    archive.getFileName() + "." + ProcessHandle.current().pid());
            options.add("-XX:ArchiveClassesAtExit=" + own);
            written = Optional.of(own);
        }
        return new Start(options, written, archive);
    }

    /** Changes with whatever the archive depends on. */
    private static String fingerprint(List<Path> entries) throws IOException {
        List<Object> parts = new ArrayList<>(List.of(System.getProperty("java.home"), Runtime.version()));
        for (Path entry : entries) {
            for (Path file : files(entry)) {
                parts.add(file);
                parts.add(Files.size(file));
                parts.add(Files.getLastModifiedTime(file));
            }
        }
        return Integer.toHexString(parts.hashCode());
    }

    /** Of two that make the same jar, the second takes the first one's: an archive goes with one file, not with its like. */
    private static Path jar(Path classes, Path jar) throws IOException {
        if (Files.exists(jar)) {
            return jar;
        }
        Path own = jar.resolveSibling(
                jar.getFileName() + "." + ProcessHandle.current().pid());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(own))) {
            for (Path file : files(classes)) {
                out.putNextEntry(
                        new JarEntry(classes.relativize(file).toString().replace(File.separatorChar, '/')));
                Files.copy(file, out);
            }
        }
        try {
            return Files.createLink(jar, own);
        } catch (FileAlreadyExistsException e) {
            return jar;
        } finally {
            Files.delete(own);
        }
    }

    private static List<Path> files(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
