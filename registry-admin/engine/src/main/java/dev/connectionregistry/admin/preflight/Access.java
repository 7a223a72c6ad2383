package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.settings.Endpoint;

/**
 * Who logs in to one of the two servers. Pure; holds no password.
 *
 * @param side which of the two
 * @param endpoint the server and the Postgres database on it
 * @param username the operator's role
 * @param services the services' role
 */
public record Access(Side side, Endpoint endpoint, String username, String services) {
    /** The operator's role, in quotes. */
    public String role() {
        return Sql.identifier(username);
    }

    public String database() {
        return Sql.identifier(endpoint.databaseName());
    }

    /** Whether the operator works as the services' role. */
    public boolean isServices() {
        return username.equals(services);
    }

    /** A statement for this server. */
    public Remedy remedy(String sql) {
        return Remedy.on(side, sql);
    }

    /**
     * The statement that gives the operator's role what it lacks. The services' role never gets what only an operator
     * should have: if the operator works as that role, the remedy is to use another role.
     */
    public Remedy give(String sql) {
        return isServices()
                ? Remedy.advice("this check ran as the services' role " + services + " on the " + side.word()
                        + ", which should not get an operator's rights; name an operator's role with "
                        + (side == Side.SOURCE ? "--admin-username" : "--admin-username or --target-admin-username"))
                : remedy(sql);
    }

    /** {@code source db1:5432/orders}. */
    @Override
    public String toString() {
        return side.word() + " " + endpoint;
    }
}
