package dev.connectionregistry.benchmarks.cutover.side.pgbouncer;

import dev.connectionregistry.benchmarks.cutover.stage.Login;
import dev.connectionregistry.local.LocalPostgres;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What pgbouncer is told. Immutable.
 *
 * @param port where it listens, on loopback
 * @param database its name on the servers, and for clients
 * @param administrator who may use its console
 * @param users the file of passwords
 * @param access the file that says how to log in
 * @param runAs the user of this machine that it changes to, where it is started by root, which it refuses to run as
 */
record Configuration(int port, String database, String administrator, Path users, Path access, Optional<String> runAs) {
    /** More than all clients have, as one pgbouncer for a fleet would. */
    private static final int SERVER_CONNECTIONS = 20;

    private static final int CLIENT_CONNECTIONS = 200;

    /** The whole file, with {@code database} on this server. */
    String text(LocalPostgres server) {
        return String.join(
                        "\n",
                        "[databases]",
                        database + " = host=" + server.host() + " port=" + server.port() + " dbname=" + database,
                        "[pgbouncer]",
                        "listen_addr = 127.0.0.1",
                        "listen_port = " + port,
                        "unix_socket_dir =",
                        "auth_type = hba",
                        "auth_hba_file = " + access,
                        "auth_file = " + users,
                        "admin_users = " + administrator,
                        "pool_mode = transaction",
                        "default_pool_size = " + SERVER_CONNECTIONS,
                        "max_client_conn = " + CLIENT_CONNECTIONS,
                        "server_tls_sslmode = disable",
                        "ignore_startup_parameters = extra_float_digits",
                        runAs.map(user -> "user = " + user).orElse(""))
                + "\n";
    }

    /** The file of passwords: in clear, since pgbouncer needs them to log in to the servers. */
    static String users(List<Login> logins) {
        return logins.stream()
                .map(login -> '"' + login.role() + "\" \"" + login.password() + "\"\n")
                .collect(Collectors.joining());
    }

    /** The file that says how to log in: to the console with a password in clear, which is all {@link Console} can do. */
    static String access(String administrator) {
        return "host pgbouncer " + administrator + " 127.0.0.1/32 password\nhost all all 127.0.0.1/32 scram-sha-256\n";
    }
}
