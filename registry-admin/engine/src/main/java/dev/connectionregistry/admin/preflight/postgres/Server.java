package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.IdentityReader;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.SqlText;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.Side;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One server as the checks see it: a session that is opened when it is first needed, and again if it was lost. A login that
 * failed isn't tried again, or every check would wait for it. Every call ends when the present check's bound does. For one thread
 * at a time.
 */
public final class Server implements AutoCloseable {
    /** What our sessions are called. */
    public static final String APPLICATION = "registry-admin/preflight";

    private final Login login;
    private final Login services;
    private final Side side;
    private Deadline bound = Deadline.of(Duration.ZERO);
    private String check = "";
    private @Nullable Session session;
    private boolean lost;
    private boolean refused;
    private boolean missed;
    private @Nullable PostgresIdentity identity;

    /** Looked at as {@code login}, used as {@code services}; nothing is contacted yet. */
    public Server(Login login, Login services, Side side) {
        this.login = login;
        this.services = services;
        this.side = side;
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

    /** Whether the present check asked for a session after a login that failed. */
    boolean wasMissed() {
        return missed;
    }

    /** Which of the two. */
    public Side side() {
        return side;
    }

    /** Who works here. */
    public Login login() {
        return login;
    }

    /** As the services log in here. */
    public Login services() {
        return services;
    }

    /** Whether the role that works here is the services'. */
    public boolean isServices() {
        return login.username().equals(services.username());
    }

    /**
     * The statement that gives the role that works here what it lacks. The services' role never gets what only an operator should
     * have: there the remedy is to name another.
     */
    public Remedy give(String sql) {
        return isServices()
                ? Remedy.advice("this looked as the services' role " + services.username() + " on the " + side.word()
                        + ", which should not get an operator's rights; name an operator's role with "
                        + (side == Side.SOURCE ? "--admin-username" : "--admin-username or --target-admin-username"))
                : Remedy.on(side, sql);
    }

    /** The role that works here, in quotes. */
    public String role() {
        return SqlText.identifier(login.username());
    }

    /** The database, in quotes. */
    public String database() {
        return SqlText.identifier(login.endpoint().databaseName());
    }

    /** {@code source db1:5432/orders}. */
    @Override
    public String toString() {
        return side.word() + " " + login.endpoint();
    }

    /** Which server it is; asked once. */
    public PostgresIdentity identity() throws ServerException {
        PostgresIdentity known = identity;
        if (known == null) {
            known = IdentityReader.of(session(), bound.left());
            identity = known;
        }
        return known;
    }

    /** Such as 17. */
    public int major() throws ServerException {
        return identity().major();
    }

    /** All rows. */
    public <T> List<T> query(String sql, Session.Row<T> row, Object... parameters) throws ServerException {
        return call((open, end) -> open.query(end, sql, row, parameters));
    }

    /** The first column of each row. */
    public List<String> texts(String sql, Object... parameters) throws ServerException {
        return query(sql, row -> row.getString(1), parameters);
    }

    /** The only row. */
    public <T> T one(String sql, Session.Row<T> row, Object... parameters) throws ServerException {
        return call((open, end) -> open.queryOne(end, sql, row, parameters));
    }

    /** The only row's first column. */
    public boolean is(String sql, Object... parameters) throws ServerException {
        return one(sql, row -> row.getBoolean(1), parameters);
    }

    /** Two columns of text as a map, sorted; a null is the empty text. */
    public Map<String, String> map(String sql, Object... parameters) throws ServerException {
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

    /** What to do with a session. */
    @FunctionalInterface
    public interface Work<T> {
        /** Does it by {@code end}. */
        T run(Session session, Deadline end) throws java.sql.SQLException, ServerException, InterruptedException;
    }

    /** Does {@code work} on the session, within the present check's bound. */
    public <T> T call(Work<T> work) throws ServerException {
        Session open = session();
        try {
            return open.call("look at " + check, Remedies.NONE, bound.left(), end -> work.run(open, end));
        } catch (ServerException e) {
            lost = e.kind() == Kind.SESSION_LOST;
            throw e;
        }
    }

    /** What is left of the present check's time. */
    public Duration left() {
        return bound.left();
    }

    /** The session, open. */
    public Session session() throws ServerException {
        Session open = session;
        if (open != null) {
            return open;
        }
        if (refused) {
            missed = true;
            throw new ServerException(
                    Kind.REFUSED, "no session on the " + this + "; see " + side.word() + "-login", null);
        }
        return open();
    }

    private Session open() throws ServerException {
        refused = true;
        Session opened = Session.open(login, APPLICATION, bound.left());
        session = opened;
        refused = false;
        return opened;
    }

    /** The result of a check that our role is too blind for; empty if it has the rights of {@code wanted}. */
    public Optional<Finding> lacks(String wanted) throws ServerException {
        return is("SELECT pg_catalog.pg_has_role(?, 'USAGE')", wanted)
                ? Optional.empty()
                : Optional.of(Finding.unknown(
                        "role " + role() + " lacks " + wanted + " on the " + this,
                        give("GRANT " + wanted + " TO " + role() + ";")));
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
