package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.ConnectionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Makes the checks of the {@link CheckList}, over JDBC. Thread-safe. */
public final class PostgresChecks implements ServerChecks {
    private final Function<ServerLogin, Login> logins;

    public PostgresChecks(Function<ServerLogin, Login> logins) {
        this.logins = logins;
    }

    @Override
    public List<About> all() {
        return CheckList.ALL.stream().map(Check::about).toList();
    }

    @Override
    public Looking begin(Subject subject) {
        ServerPair pair = subject.pair();
        return new Sessions(new Servers(
                subject,
                server(pair.source(), pair.sourceSettings(), subject.source()),
                server(pair.target(), pair.targetSettings(), subject.target())));
    }

    private Server server(ServerLogin operator, ConnectionSettings services, Access access) {
        return new Server(logins.apply(operator), logins.apply(ServerLogin.of(services)), access);
    }

    private static final class Sessions implements Looking {
        private final Servers servers;

        Sessions(Servers servers) {
            this.servers = servers;
        }

        @Override
        public Finding look(About about, Duration bound) throws ServerException {
            Check<Servers> check = CheckList.ALL.stream()
                    .filter(each -> each.about().equals(about))
                    .findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("there is no check " + about.name()));
            Deadline end = Deadline.of(bound);
            servers.begin(about.name(), end);
            Finding finding;
            try {
                finding = check.look().at(servers);
            } catch (ServerException e) {
                Optional<String> missed = servers.missed();
                if (missed.isPresent() && !missed.get().equals(about.name())) {
                    return Finding.unchecked(missed.get());
                }
                throw e;
            }
            if (end.passed()) {
                throw new ServerException(
                        Kind.TIMED_OUT, about.name() + " took longer than " + bound.toMillis() + " ms", null);
            }
            return new Finding(
                    finding.outcome(),
                    finding.message(),
                    finding.remedies().stream().distinct().toList());
        }

        @Override
        public void close() {
            servers.close();
        }
    }
}
