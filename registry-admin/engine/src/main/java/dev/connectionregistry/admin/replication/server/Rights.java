package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What roles may do on a server, and which of its settings get in the way. */
public interface Rights {
    /**
     * What is missing to publish tables from this server.
     *
     * @param slots how many will be made
     */
    List<MissingRight> toPublish(Collection<TableName> tables, int slots, Duration bound) throws ServerException;

    /** What is missing for {@code role} to read tables and their changes from this server. */
    List<MissingRight> toBeReadBy(String role, Collection<TableName> tables, Duration bound) throws ServerException;

    /**
     * What is missing to subscribe to tables on this server.
     *
     * @param subscriptions how many will be made
     * @param passfile whether they log in without a password of their own
     */
    List<MissingRight> toSubscribe(Collection<TableName> tables, int subscriptions, boolean passfile, Duration bound)
            throws ServerException;

    /**
     * Whether sessions begin read-only on this server, such as behind a fence; those of this program write all the
     * same.
     */
    boolean isReadOnlyByDefault(Duration bound) throws ServerException;

    /**
     * Something that a role may not do, or that the server has no room for.
     *
     * @param what what it is needed for, to follow "to", such as {@code make publications}
     * @param lack the same, to follow the role, such as {@code may not create in the database}
     * @param statement the statement that grants it, for somebody who may execute it
     * @param role the role that gets more rights by {@code statement}; empty if it grants none
     */
    record MissingRight(String what, String lack, String statement, Optional<String> role) {
        /** Missing room, a setting, or a role that doesn't exist: {@code statement} grants no rights. */
        public static MissingRight room(String what, String statement) {
            return new MissingRight(what, "may not " + what, statement, Optional.empty());
        }

        /** A right that {@code statement} grants to {@code role}. */
        public static MissingRight of(String role, String what, String statement) {
            return new MissingRight(what, "may not " + what, statement, Optional.of(role));
        }

        /**
         * The same, but {@code services}, the services' role, must not get what only an operator should have.
         *
         * @param option the option that names another role, such as {@code --admin-username}
         */
        public MissingRight sparing(String services, String option) {
            return role.filter(services::equals).isPresent()
                    ? room(what, "this command runs as the services' role " + services + "; give " + option)
                    : this;
        }

        @Override
        public String toString() {
            return what + ": " + statement;
        }
    }
}
