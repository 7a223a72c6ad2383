package dev.connectionregistry.admin.replication.server;

import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.TableName;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

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

    /**
     * Something that the role may not do.
     *
     * @param what it is needed for, as words that go on after "to", such as {@code make publications}
     * @param lack the same as words that go on after the role, such as {@code may not create in the database}
     * @param statement that grants it, for somebody who may
     */
    record MissingRight(String what, String lack, String statement) {
        public MissingRight(String what, String statement) {
            this(what, "may not " + what, statement);
        }

        /**
         * The same, where {@code services} is the services' role: it isn't to get what only an operator should have.
         *
         * @param option that names another role, such as {@code --admin-username}
         */
        public MissingRight sparing(String services, String option) {
            String quoted = '"' + services.replace("\"", "\"\"") + '"';
            boolean tooMuch = Stream.of(services, quoted)
                    .anyMatch(role -> statement.startsWith("ALTER ROLE " + role + " ")
                            || (statement.startsWith("GRANT ") && (statement + " ").contains(" TO " + role + " ")));
            return tooMuch
                    ? new MissingRight(what, "this works as the services' role " + services + "; give " + option)
                    : this;
        }

        @Override
        public String toString() {
            return what + ": " + statement;
        }
    }
}
