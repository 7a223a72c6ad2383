package dev.connectionregistry.admin.replication.server;

/**
 * Something that the role may not do.
 *
 * @param what it is needed for, as words that go on after "to", such as {@code make publications}
 * @param statement that grants it, for somebody who may
 */
public record MissingRight(String what, String statement) {
    @Override
    public String toString() {
        return what + ": " + statement;
    }
}
