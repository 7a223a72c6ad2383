package dev.connectionregistry.admin.history.check;

/** What a writer does, each with a connection of its own. */
public enum Kind {
    /** Inserts a row with an id that nobody else uses; committed by itself. */
    INSERT,
    /** Adds one to a counter that is the writer's own; committed by itself. */
    INCREMENT,
    /** Moves an amount between two accounts, in one transaction of three statements. */
    TRANSFER,
    /** Reads back its own counter and its last acknowledged row, and the sum of all accounts. */
    READ;

    /** Whether it changes anything. */
    public boolean writes() {
        return this != READ;
    }
}
