package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What roles may do on a server, and which of its settings are in the way. */
public interface Rights {
    /**
     * What is missing to publish tables from here.
     *
     * @param slots how many are to be made
     */
    List<MissingRight> toPublish(Collection<TableName> tables, int slots, Duration bound) throws ServerException;

    /** What is missing for {@code role} to read tables and their changes from here. */
    List<MissingRight> toBeReadBy(String role, Collection<TableName> tables, Duration bound) throws ServerException;

    /**
     * What is missing to subscribe to tables here.
     *
     * @param subscriptions how many are to be made
     * @param passfile whether they are to log in without a password of their own
     */
    List<MissingRight> toSubscribe(Collection<TableName> tables, int subscriptions, boolean passfile, Duration bound)
            throws ServerException;

    /** Whether sessions begin read-only here, such as behind a fence; those of this program write all the same. */
    boolean isReadOnlyByDefault(Duration bound) throws ServerException;

    /**
     * Something that a role may not do, or that the server has no room for.
     *
     * @param what it is needed for, as words that go on after "to", such as {@code make publications}
     * @param lack the same as words that go on after the role, such as {@code may not create in the database}
     * @param statement that grants it, for somebody who may
     * @param role who gets more rights by {@code statement}; empty if it grants none
     */
    record MissingRight(String what, String lack, String statement, Optional<String> role) {
        /** Room, a setting, or a role that isn't there: {@code statement} gives more rights to nobody. */
        public static MissingRight room(String what, String statement) {
            return new MissingRight(what, "may not " + what, statement, Optional.empty());
        }

        /** What {@code statement} grants to {@code role}. */
        public static MissingRight of(String role, String what, String statement) {
            return new MissingRight(what, "may not " + what, statement, Optional.of(role));
        }

        /**
         * The same, where {@code services} is the services' role: it isn't to get what only an operator should have.
         *
         * @param option that names another role, such as {@code --admin-username}
         */
        public MissingRight sparing(String services, String option) {
            return role.filter(services::equals).isPresent()
                    ? room(what, "this works as the services' role " + services + "; give " + option)
                    : this;
        }

        @Override
        public String toString() {
            return what + ": " + statement;
        }
    }
}
