package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Access;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One server as the checks see it: a session that is opened when it is first needed, and again if it was lost. A login
 * that failed isn't tried again, or every check would wait for it. Every call ends with the current check's bound. For
 * one thread at a time.
 */
final class Server implements AutoCloseable {
    /** The name of our sessions. */
    static final String APPLICATION = "registry-admin/preflight";

    private final Login login;
    private final Login services;
    private final Access access;
    private Deadline bound = Deadline.of(Duration.ZERO);
    private String check = "";
    private @Nullable Session session;
    private boolean lost;
    private boolean refused;
    private boolean missed;
    private @Nullable PostgresIdentity identity;

    /** {@code login} is the operator's, {@code services} the services'; nothing is contacted yet. */
    Server(Login login, Login services, Access access) {
        this.login = login;
        this.services = services;
        this.access = access;
    }

    /** Another check begins. */
    void begin(String name, Deadline end) {
        check = name;
        bound = end;
        missed = false;
        if (lost) {
            close();
        }
    }

    /** Whether the current check asked for a session after a login that failed. */
    boolean wasMissed() {
        return missed;
    }

    Access access() {
        return access;
    }

    Login services() {
        return services;
    }

    /** Which server it is; asked once. */
    PostgresIdentity identity() throws ServerException {
        PostgresIdentity known = identity;
        if (known == null) {
            known = IdentityReader.of(session(), bound.left());
            identity = known;
        }
        return known;
    }

    /** The major version, such as 17. */
    int major() throws ServerException {
        return identity().major();
    }

    <T> List<T> query(String sql, Session.Row<T> row, Object... parameters) throws ServerException {
        return call((open, end) -> open.query(end, sql, row, parameters));
    }

    /** The first column of each row. */
    List<String> texts(String sql, Object... parameters) throws ServerException {
        return query(sql, row -> row.getString(1), parameters);
    }

    /** The only row's first column, not null. */
    String text(String sql, Object... parameters) throws ServerException {
        return one(sql, row -> String.valueOf(row.getString(1)), parameters);
    }

    <T> T one(String sql, Session.Row<T> row, Object... parameters) throws ServerException {
        return call((open, end) -> open.queryOne(end, sql, row, parameters));
    }

    /** Whether the only row's first column is true. */
    boolean is(String sql, Object... parameters) throws ServerException {
        return one(sql, row -> row.getBoolean(1), parameters);
    }

    /** Two columns of text as a map, sorted; a null is the empty text. */
    Map<String, String> map(String sql, Object... parameters) throws ServerException {
        Map<String, String> map = new TreeMap<>();
        query(
                sql,
                row -> {
                    String value = row.getString(2);
                    return map.put(row.getString(1), value == null ? "" : value);
                },
                parameters);
        return map;
    }

    @FunctionalInterface
    interface Work<T> {
        /** Does the work by {@code end}. */
        T run(Session session, Deadline end) throws java.sql.SQLException, ServerException, InterruptedException;
    }

    /** Does {@code work} on the session, within the current check's bound. */
    <T> T call(Work<T> work) throws ServerException {
        Session open = session();
        try {
            return open.call("look at " + check, Remedies.NONE, bound.left(), end -> work.run(open, end));
        } catch (ServerException e) {
            lost = e.kind() == Kind.SESSION_LOST;
            throw e;
        }
    }

    /** What is left of the current check's time. */
    Duration left() {
        return bound.left();
    }

    Session session() throws ServerException {
        Session open = session;
        if (open != null) {
            return open;
        }
        if (refused) {
            missed = true;
            throw new ServerException(
                    Kind.REFUSED, "no session on the " + access + "; see " + About.login(access.side()), null);
        }
        return open();
    }

    /** A session on one host of the endpoint, whatever it is; the caller closes it. */
    Session openOn(Endpoint host, Duration within) throws ServerException {
        return Session.open(login.at(host), APPLICATION, within);
    }

    private Session open() throws ServerException {
        refused = true;
        Session opened = Session.open(login, APPLICATION, bound.left());
        session = opened;
        refused = false;
        return opened;
    }

    @Override
    public void close() {
        Session open = session;
        if (open != null) {
            open.close();
        }
        session = null;
        lost = false;
    }
}
