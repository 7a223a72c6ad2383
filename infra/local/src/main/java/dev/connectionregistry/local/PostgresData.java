package dev.connectionregistry.local;

import dev.connectionregistry.local.LocalPostgresBuilder.Upstream;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data directory of one server: its contents, its configuration, and what a killed server leaves elsewhere. */
final class PostgresData {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);
    private static final String OWN_PART = "\n# Local server\n";
    private static final int FIRST_WITH_SIGNAL_FILE = 12;
    private static final int FIRST_WITH_SHORT_NAMES = 15;
    private static final int SHARED_MEMORY_LINE = 6; // of postmaster.pid: "key id"

    private final Path folder;
    private final String initialPassword;
    private final String initialConfiguration;

    private PostgresData(Path folder, String initialPassword, String initialConfiguration) {
        this.folder = folder;
        this.initialPassword = initialPassword;
        this.initialConfiguration = initialConfiguration;
    }

    /** A new cluster in {@code folder}, which must not exist. */
    static PostgresData fresh(PostgresBinaries binaries, Path folder) throws IOException {
        String password = binaries.copyFreshData(folder);
        return new PostgresData(folder, password, Files.readString(folder.resolve("postgresql.conf")));
    }

    /** A copy of a running server's data in {@code folder}, which must not exist; it follows that server when it is started. */
    static PostgresData standby(Upstream upstream, Path folder) throws IOException, SQLException {
        LocalPostgres server = upstream.server();
        boolean shortNames = server.major() >= FIRST_WITH_SHORT_NAMES;
        try (Connection connection = server.connect("postgres");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    shortNames
                            ? "SELECT pg_backup_start('standby', true)"
                            : "SELECT pg_start_backup('standby', true, false)");
            copyRunning(upstream.data(), folder);
            try (ResultSet stopped = statement.executeQuery(
                    shortNames
                            ? "SELECT labelfile FROM pg_backup_stop(false)"
                            : "SELECT labelfile FROM pg_stop_backup(false, false)")) {
                stopped.next();
                Files.writeString(folder.resolve("backup_label"), stopped.getString(1));
            }
        }
        follow(upstream, folder);
        String configuration = Files.readString(folder.resolve("postgresql.conf"));
        return new PostgresData(folder, server.password(), configuration.substring(0, configuration.indexOf(OWN_PART)));
    }

    private static void follow(Upstream upstream, Path folder) throws IOException {
        String conninfo = "primary_conninfo = "
                + Sql.literal("host=" + PostgresConnections.HOST + " port=" + upstream.port() + " user="
                        + upstream.server().superuser() + " password="
                        + upstream.server().password())
                + "\n";
        if (upstream.server().major() >= FIRST_WITH_SIGNAL_FILE) {
            Files.createFile(folder.resolve("standby.signal"));
            Files.writeString(folder.resolve("postgresql.auto.conf"), conninfo);
        } else {
            Files.writeString(
                    folder.resolve("recovery.conf"),
                    "standby_mode = on\nrecovery_target_timeline = 'latest'\n" + conninfo);
        }
    }

    /**
     * Copies files that may come and go meanwhile. Leaves out the replication slots, which a standby doesn't need, and
     * the files that mark a running server.
     */
    private static void copyRunning(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) throws IOException {
                Path parent = folder.getParent();
                if (parent != null && parent.endsWith("pg_replslot")) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectory(
                        to.resolve(from.relativize(folder)),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                if (!file.endsWith("postmaster.pid") && !file.endsWith("postmaster.opts")) {
                    copyIfThere(file, to.resolve(from.relativize(file)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                if (failure instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw failure;
            }
        });
    }

    private static void copyIfThere(Path file, Path to) throws IOException {
        try {
            Files.copy(file, to);
        } catch (NoSuchFileException e) {
            // the server has removed it since it was listed; the write-ahead log has its replacement
        }
    }

    /** The data directory. */
    Path folder() {
        return folder;
    }

    /** The superuser's password until it is changed. */
    String initialPassword() {
        return initialPassword;
    }

    /** Writes the configuration for the next start, replacing the previous one. */
    void configure(int port, boolean fsync, Map<String, String> more) throws IOException {
        Files.writeString(folder.resolve("postgresql.conf"), initialConfiguration + configuration(port, fsync, more));
    }

    private static String configuration(int port, boolean fsync, Map<String, String> more) {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("listen_addresses", PostgresConnections.HOST);
        all.put("port", Integer.toString(port));
        all.put("unix_socket_directories", "");
        all.put("wal_level", "logical");
        all.put("max_connections", "200");
        all.put("max_wal_senders", "20");
        all.put("max_replication_slots", "20");
        all.put("max_worker_processes", "32");
        all.put("max_logical_replication_workers", "20");
        all.put("wal_receiver_status_interval", "1s");
        all.put("wal_retrieve_retry_interval", "500ms");
        all.put("shared_buffers", "64MB");
        all.put("fsync", fsync ? "on" : "off");
        all.put("full_page_writes", fsync ? "on" : "off");
        all.put("timezone", "UTC");
        all.put("log_timezone", "UTC");
        all.put("log_line_prefix", "%m [%p] %q%u@%d %a ");
        all.putAll(more);
        StringBuilder text = new StringBuilder(OWN_PART);
        all.forEach((name, value) ->
                text.append(name).append(" = ").append(Sql.literal(value)).append('\n'));
        return text.toString();
    }

    /** A killed server leaves a few bytes of shared memory for its next start; there will be no next start. */
    static void removeSharedMemory(Path folder, Path log) {
        Path pidFile = folder.resolve("postmaster.pid");
        if (!Files.exists(pidFile) || !ChildProcess.onPath("ipcrm")) {
            return;
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            if (lines.size() > SHARED_MEMORY_LINE) {
                String id = lines.get(SHARED_MEMORY_LINE).strip().split("\\s+", -1)[1];
                ChildProcess.run(List.of("ipcrm", "-m", id), log, COMMAND_TIMEOUT);
            }
        } catch (IOException | RuntimeException e) {
            // not critical: the system has room for thousands
        }
    }
}
