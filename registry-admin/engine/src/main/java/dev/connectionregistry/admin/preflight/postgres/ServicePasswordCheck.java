package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Driver;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Both servers let the services in, with the password that their settings name. What can't be tried from this machine, since it
 * has no such password or isn't let in from, says nothing about the services' machines: that is for a person to decide.
 */
final class ServicePasswordCheck implements ServerCheck {
    /** In the server's words whatever its language is. */
    private static final String HOST_RULES = "pg_hba.conf";

    /** The result of one login that didn't succeed. */
    private record Failed(Outcome outcome, String message, Remedy remedy) {}

    @Override
    public About about() {
        return new About(
                "service-password",
                Group.RIGHTS,
                "A password belongs to a server; a wrong one shows only when every instance is refused.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        servers.source().session(); // a server that doesn't let us in has a check of its own
        servers.target().session();
        List<Failed> failed = List.of(servers.source(), servers.target()).stream()
                .flatMap(server -> login(server).stream())
                .toList();
        if (failed.isEmpty()) {
            return Finding.pass("the services' login works on both servers, with the password of "
                    + servers.subject().pair().targetSettings().password());
        }
        return new Finding(
                failed.stream().map(Failed::outcome).min(Outcome::compareTo).orElseThrow(),
                failed.stream().map(Failed::message).collect(Collectors.joining("; ")),
                failed.stream().map(Failed::remedy).toList());
    }

    private static Optional<Failed> login(Server server) {
        Deadline bound = Deadline.of(server.left());
        try {
            Driver.connect(server.services(), Server.APPLICATION, bound).close();
            return Optional.empty();
        } catch (SQLException e) {
            return Optional.of(
                    saysNothingOfTheServices(e)
                            ? untried(server.services(), e)
                            : refused(server, PostgresErrors.ofLogin(server.services(), bound, e), e));
        }
    }

    private static boolean saysNothingOfTheServices(SQLException e) {
        return PostgresErrors.isPasswordMissing(e) || PostgresErrors.text(e).contains(HOST_RULES);
    }

    private static Failed untried(Login services, SQLException e) {
        return new Failed(
                Outcome.WARN,
                "the services' login as " + services + " can't be tried from here: " + PostgresErrors.text(e),
                Remedy.advice("let this machine log in as " + services
                        + " with the services' password; else only the instances"
                        + " try it, and on the source the proof of a cutover's fence needs it"));
    }

    private static Failed refused(Server server, ServerException why, SQLException e) {
        Login services = server.services();
        String role = SqlText.identifier(services.username());
        String remedy = PostgresErrors.state(e).equals(PostgresErrors.WRONG_PASSWORD)
                ? "set the password of " + role + " on the " + server + " to what " + place(services)
                        + " holds, with \\password in psql; or name another place with --password-ref"
                : "let " + role + " in on the " + server;
        return new Failed(Outcome.FAIL, String.valueOf(why.getMessage()), Remedy.advice(remedy));
    }

    private static String place(Login services) {
        String where = services.password().where();
        return where.isEmpty() ? "the settings' reference" : where;
    }
}
