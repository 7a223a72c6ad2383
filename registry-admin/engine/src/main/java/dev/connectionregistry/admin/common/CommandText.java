package dev.connectionregistry.admin.common;

import java.util.function.Supplier;

/**
 * Writes commands that the operator can copy: with the table and the region that this command was given.
 *
 * @param prefix {@code registry-admin --table t}
 */
public record CommandText(Supplier<String> prefix) {
    /** The whole command line for {@code arguments}. */
    public String command(String arguments) {
        return prefix.get() + " " + arguments;
    }
}
