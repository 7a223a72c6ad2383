package dev.connectionregistry.admin.replication.verify;

/**
 * A column as one server has it. Immutable.
 *
 * @param name its name
 * @param type its type, such as {@code numeric(10,2)}
 * @param form how {@code canonical} is made; texts of two servers are comparable if their forms and types are the same
 * @param canonical SQL for a text that depends on the value alone, not on the server's version or settings
 * @param plain SQL for the value's ordinary text
 * @param generated whether the server computes it by itself
 */
public record ColumnShape(String name, String type, String form, String canonical, String plain, boolean generated) {}
