package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.ConnectionSettings;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** All checks of the two servers, over JDBC. Thread-safe. */
public final class PostgresChecks implements ServerChecks {
    private static final Map<About, ServerCheck> ALL = byAbout();

    private final Function<ServerLogin, Login> logins;

    /** {@code logins} finds passwords. */
    public PostgresChecks(Function<ServerLogin, Login> logins) {
        this.logins = logins;
    }

    private static Map<About, ServerCheck> byAbout() {
        Map<About, ServerCheck> all = new LinkedHashMap<>();
        Stream.of(
                        ServersChecks.ALL,
                        RightsChecks.ALL,
                        SettingChecks.ALL,
                        SchemaChecks.ALL,
                        DataChecks.ALL,
                        ReplicationChecks.ALL,
                        ActivityChecks.ALL)
                .flatMap(List::stream)
                .forEach(check -> all.put(check.about(), check));
        return all;
    }

    @Override
    public List<About> all() {
        return List.copyOf(ALL.keySet());
    }

    @Override
    public Looking begin(Subject subject) {
        ServerPair pair = subject.pair();
        return new Sessions(new Servers(
                subject,
                server(pair.source(), pair.sourceSettings(), Side.SOURCE),
                server(pair.target(), pair.targetSettings(), Side.TARGET)));
    }

    private Server server(ServerLogin admin, ConnectionSettings services, Side side) {
        return new Server(logins.apply(admin), logins.apply(ServerLogin.of(services)), side);
    }

    private static final class Sessions implements Looking {
        private final Servers servers;

        Sessions(Servers servers) {
            this.servers = servers;
        }

        @Override
        public Finding look(About about, Duration bound) throws ServerException {
            ServerCheck check = ALL.get(about);
            if (check == null) {
                throw new IllegalArgumentException("there is no check " + about.name());
            }
            Deadline end = Deadline.of(bound);
            servers.begin(about.name(), end);
            Finding finding;
            try {
                finding = check.look(servers);
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
