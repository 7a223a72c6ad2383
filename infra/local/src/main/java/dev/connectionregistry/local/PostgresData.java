package dev.connectionregistry.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The data directory of one server: its contents, its configuration, and what a killed server leaves elsewhere. */
final class PostgresData {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(30);
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

    /** Where it is. */
    Path folder() {
        return folder;
    }

    /** The superuser's, until it is changed. */
    String initialPassword() {
        return initialPassword;
    }

    /** Writes the configuration for the next start, over what was configured before. */
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
        StringBuilder text = new StringBuilder("\n# Local server\n");
        all.forEach((name, value) ->
                text.append(name).append(" = ").append(Sql.literal(value)).append('\n'));
        return text.toString();
    }

    /** A killed server leaves a few bytes of shared memory to its next start; here there will be none. */
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
            // it was worth a try; the system has room for thousands
        }
    }
}
