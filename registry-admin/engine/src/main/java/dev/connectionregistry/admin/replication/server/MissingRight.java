package dev.connectionregistry.admin.replication.server;

import java.util.stream.Stream;

/**
 * Something that the role may not do.
 *
 * @param what it is needed for, as words that go on after "to", such as {@code make publications}
 * @param statement that grants it, for somebody who may
 */
public record MissingRight(String what, String statement) {
    /**
     * The same, where {@code services} is the services' role: it isn't to get what only an operator should have.
     *
     * @param option that names another role, such as {@code --admin-username}
     */
    public MissingRight sparing(String services, String option) {
        String quoted = '"' + services.replace("\"", "\"\"") + '"';
        boolean tooMuch = Stream.of(services, quoted)
                .anyMatch(role -> statement.startsWith("ALTER ROLE " + role + " ")
                        || (statement.startsWith("GRANT ") && statement.endsWith(" TO " + role)));
        return tooMuch
                ? new MissingRight(what, "this works as the services' role " + services + "; give " + option)
                : this;
    }

    @Override
    public String toString() {
        return what + ": " + statement;
    }
}
