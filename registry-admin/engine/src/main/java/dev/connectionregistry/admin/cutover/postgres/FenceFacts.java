package dev.connectionregistry.admin.cutover.postgres;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts on the server that a plan is made from. Immutable.
 *
 * @param database its name
 * @param owner who owns it
 * @param admin the run's role
 * @param adminIsSuperuser whether grants bind it
 * @param service the services' role
 * @param serviceIsSuperuser whether a refused login binds it
 * @param serviceIsAdmin whether the services' role is the run's, or has its rights
 * @param defaults every {@code default_transaction_read_only} set for the database, for a role, or for a role in it;
 *     only for roles that may log in to it
 * @param connectsDefault whether the right to connect was never changed, so that the catalog holds NULL
 * @param connects who may connect, by grant
 * @param calls who may call the functions that write in spite of a read-only transaction, by grant; empty from Postgres
 *     16 on
 * @param replicators roles, not superusers, that replicate from this database, or have the replication attribute
 * @param roles all roles, and whether each is a superuser
 */
record FenceFacts(
        String database,
        String owner,
        String admin,
        boolean adminIsSuperuser,
        String service,
        boolean serviceIsSuperuser,
        boolean serviceIsAdmin,
        List<ReadOnlyDefault> defaults,
        boolean connectsDefault,
        List<Grant> connects,
        List<Call> calls,
        Set<String> replicators,
        List<Role> roles) {

    /**
     * A setting of {@code default_transaction_read_only}.
     *
     * @param role the role that has it; null for the database's own
     * @param inDatabase whether it counts in this database only
     * @param value as it was written
     * @param on whether that value means on
     */
    record ReadOnlyDefault(@Nullable String role, boolean inDatabase, String value, boolean on) {}

    /**
     * A grant.
     *
     * @param grantee who got it; null for PUBLIC
     * @param grantor who gave it
     * @param grantable whether it has the grant option
     */
    record Grant(@Nullable String grantee, String grantor, boolean grantable) {}

    /**
     * A grant of EXECUTE.
     *
     * @param signature the function's name and types of arguments
     * @param owner the function's owner
     * @param wasDefault whether its rights were never changed
     * @param grant the grant
     */
    record Call(String signature, String owner, boolean wasDefault, Grant grant) {}

    record Role(String name, boolean superuser) {}

    boolean exists(String role) {
        return roles.stream().anyMatch(each -> each.name().equals(role));
    }

    boolean isSuperuser(String role) {
        return roles.contains(new Role(role, true));
    }
}
