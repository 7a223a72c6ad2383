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
 * Chooses which host of an endpoint a login goes to, by the rules of pgjdbc: they are tried in their order until one fits the role.
 * What was seen of a host changes the order only, so a failover is noticed by the first login after it. Remembers a bounded number
 * of hosts; thread-safe.
 */
public final class HostChoice {
    /** A login that met a server of another kind: a standby, or one that takes no writes. */
    public static final String OTHER_KIND = "25006";

    /** For this long a host that couldn't be reached is tried after the others. */
    private static final Duration FAILURE_LASTS = Duration.ofSeconds(10);

    private static final int REMEMBERED = 64;

    private final RecentlyUsed<Host, Seen> seen = new RecentlyUsed<>(REMEMBERED, Seen.NOTHING);
    private final LongSupplier nanoTime;

    /** With nothing seen. */
    public HostChoice() {
        this(System::nanoTime);
    }

    HostChoice(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** Logs in to one host, and looks what it is. */
    public interface Logins<T> {
        /**
         * Opens a session.
         *
         * @param host an endpoint with one host
         * @param hostsLeft how many may yet be tried, this one included
         * @throws SQLException if it can't be opened; {@link #OTHER_KIND} if the server isn't what the role demands
         */
        T open(Endpoint host, int hostsLeft) throws SQLException;

        /** Whether the server is a standby; asked if the role makes a difference between servers that fit. */
        boolean isStandby(T session);

        /** Ends a session that isn't wanted. */
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
     * A session on the host that the role demands; the only host is not asked what it is.
     *
     * @throws SQLException what the only host says; of several hosts what each of them says
     */
    public <T> T open(Endpoint endpoint, ServerRole role, Logins<T> logins) throws SQLException {
        List<Endpoint> hosts = endpoint.each();
        return hosts.size() == 1 ? logins.open(hosts.get(0), 1) : new Search<>(endpoint, role, logins).session();
    }

    /** In which order the hosts are tried, by what was seen of them. */
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
        /** A session that is taken if no better one is found. */
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

        /** A session that is taken; null if the search goes on. */
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

        /** With the state of what is most wrong: a host out of reach rather than one that is a standby, as one of them should be. */
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
