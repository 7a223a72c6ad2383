package dev.connectionregistry.core.internal.util;

import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import dev.connectionregistry.settings.ServerRole;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses which host of an endpoint a login goes to, by the rules of pgjdbc: it tries them in order until one fits the
 * role. Observations only change the order, so the first login after a failover notices it. Remembers a bounded number
 * of hosts; thread-safe.
 */
public final class HostChoice {
    /** SQLState of a login that reached a server of another kind: a standby, or one that refuses writes. */
    public static final String OTHER_KIND = "25006";

    /** A host that couldn't be reached is tried after the others for this long. */
    private static final Duration FAILURE_LASTS = Duration.ofSeconds(10);

    private static final int REMEMBERED = 64;

    private final RecentlyUsed<Host, Seen> seen = new RecentlyUsed<>(REMEMBERED, Seen.NOTHING);
    private final LongSupplier nanoTime;

    public HostChoice() {
        this(System::nanoTime);
    }

    HostChoice(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs in to one host and checks what it is. */
    public interface Logins<T> {
        /**
         * Opens a session.
         *
         * @param host an endpoint with one host
         * @param hostsLeft how many hosts may still be tried, this one included
         * @throws SQLException if it can't be opened; {@link #OTHER_KIND} if the server isn't what the role demands
         */
        T open(Endpoint host, int hostsLeft) throws SQLException;

        /** Whether the server is a standby; only called if the role prefers one kind of server to another. */
        boolean isStandby(T session);

        /** Closes a session that isn't used. */
        void close(T session);
    }

    private enum What {
        NOTHING,
        PRIMARY,
        STANDBY,
        FAILED
    }

    private record Seen(What what, long atNanos) {
        static final Seen NOTHING = new Seen(What.NOTHING, 0);
    }

    /**
     * Opens a session on the host that the role demands. If there is only one host, it isn't asked what it is.
     *
     * @throws SQLException the failure of the only host; for several hosts, the failure of each
     */
    public <T> T open(Endpoint endpoint, ServerRole role, Logins<T> logins) throws SQLException {
        List<Endpoint> hosts = endpoint.each();
        return hosts.size() == 1 ? logins.open(hosts.get(0), 1) : new Search<>(endpoint, role, logins).session();
    }

    /** The order in which the hosts are tried, according to earlier observations. */
    List<Endpoint> order(List<Endpoint> hosts, ServerRole role) {
        return hosts.stream()
                .sorted(Comparator.comparingInt(host -> rank(host, role)))
                .toList();
    }

    private int rank(Endpoint host, ServerRole role) {
        What what = seen.get(host.hosts().get(0)).what();
        if (hasFailed(host)) {
            return 3;
        }
        return switch (role) {
            case PRIMARY -> what == What.PRIMARY ? 0 : what == What.STANDBY ? 2 : 1;
            case PREFER_STANDBY -> what == What.PRIMARY ? 1 : 0;
            case ANY -> 0;
        };
    }

    private boolean hasFailed(Endpoint host) {
        Seen last = seen.get(host.hosts().get(0));
        return last.what() == What.FAILED && nanoTime.getAsLong() - last.atNanos() < FAILURE_LASTS.toNanos();
    }

    private void note(Endpoint host, What what) {
        Seen now = new Seen(what, nanoTime.getAsLong());
        Seen unused = seen.update(host.hosts().get(0), before -> now);
        assert unused.equals(now);
    }

    /** One search through the hosts. */
    private final class Search<T> {
        private final Endpoint endpoint;
        private final ServerRole role;
        private final Logins<T> logins;
        private final List<SQLException> failures = new ArrayList<>();
        /** A session that is used if no better one is found. */
        private @Nullable T spare;

        Search(Endpoint endpoint, ServerRole role, Logins<T> logins) {
            this.endpoint = endpoint;
            this.role = role;
            this.logins = logins;
        }

        T session() throws SQLException {
            List<Endpoint> hosts = order(endpoint.each(), role);
            try {
                for (int i = 0; i < hosts.size(); i++) {
                    T found = at(hosts.get(i), hosts.size() - i);
                    if (found != null) {
                        return found;
                    }
                }
            } catch (RuntimeException | Error e) {
                if (spare != null) {
                    logins.close(spare);
                }
                throw e;
            }
            if (spare != null) {
                return spare;
            }
            throw failure();
        }

        /** Tries a host: returns a session to use; null if the search continues. */
        private @Nullable T at(Endpoint host, int hostsLeft) {
            boolean givenUp = Thread.currentThread().isInterrupted() && !failures.isEmpty();
            if (givenUp || (spare != null && hasFailed(host))) {
                return null;
            }
            T session;
            try {
                session = logins.open(host, hostsLeft);
            } catch (SQLException e) {
                failures.add(e);
                note(host, OTHER_KIND.equals(e.getSQLState()) ? What.STANDBY : What.FAILED);
                return null;
            }
            if (role == ServerRole.ANY) {
                if (hasFailed(host)) {
                    note(host, What.NOTHING);
                }
                return session;
            }
            boolean standby = logins.isStandby(session);
            note(host, standby ? What.STANDBY : What.PRIMARY);
            if (role == ServerRole.PRIMARY || standby) {
                if (spare != null) {
                    logins.close(spare);
                }
                return session;
            }
            if (spare == null) {
                spare = session;
            } else {
                logins.close(session);
            }
            return null;
        }

        /**
         * Has the SQLState of the most severe failure: an unreachable host rather than a standby, which is expected
         * among several hosts.
         */
        private SQLException failure() {
            Optional<SQLException> worst = failures.stream()
                    .filter(each -> !OTHER_KIND.equals(each.getSQLState()))
                    .findFirst();
            SQLException main = worst.orElseGet(() -> failures.get(0));
            SQLException whole = new SQLNonTransientConnectionException(
                    "no host of " + endpoint + " can be used as " + wanted() + ": "
                            + failures.stream()
                                    .map(each -> String.valueOf(each.getMessage()))
                                    .collect(Collectors.joining("; ")),
                    main.getSQLState(),
                    main);
            failures.stream().filter(each -> each != main).forEach(whole::addSuppressed);
            return whole;
        }

        private String wanted() {
            return role == ServerRole.PRIMARY ? "a primary" : "a server";
        }
    }
}
