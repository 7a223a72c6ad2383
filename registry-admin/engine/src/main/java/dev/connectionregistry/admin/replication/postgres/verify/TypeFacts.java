package dev.connectionregistry.admin.replication.postgres.verify;

import java.util.List;
import java.util.Optional;

/**
 * A type, as the catalog has it.
 *
 * @param oid its number
 * @param name its name, quoted where needed, with its schema unless that is the system's
 * @param kind the catalog's {@code typtype}
 * @param builtIn whether every server has it
 * @param array whether it is a true array
 * @param element of an array
 * @param base of a domain
 * @param bound the type of a range's bounds
 * @param send the function that gives its values in binary, as it is written in SQL
 * @param fields of a composite type, by name
 */
record TypeFacts(
        long oid,
        String name,
        String kind,
        boolean builtIn,
        boolean array,
        long element,
        long base,
        long bound,
        Optional<String> send,
        List<Field> fields) {
    /** A part of a composite type. */
    record Field(String name, long type) {}
}
