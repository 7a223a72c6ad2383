package dev.connectionregistry.admin.server;

/**
 * How large a table is, by the server's statistics.
 *
 * @param name the table's name
 * @param rows the estimated number of rows; 0 also if it is unknown
 * @param bytes the size on disk, without indexes
 */
public record TableSize(TableName name, long rows, long bytes) {}
