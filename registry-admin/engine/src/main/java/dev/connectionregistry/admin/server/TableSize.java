package dev.connectionregistry.admin.server;

/**
 * How large a table is, by the server's statistics.
 *
 * @param name which
 * @param rows estimated; 0 also where nothing is known
 * @param bytes on disk, without indexes
 */
public record TableSize(TableName name, long rows, long bytes) {}
