package dev.connectionregistry.admin.replication.status;

import dev.connectionregistry.admin.server.TableName;

/**
 * A table as one publication holds it. Immutable.
 *
 * @param table which
 * @param filter the row filter as the server writes it; empty for all rows
 * @param missingColumns columns that aren't sent, as they are written in SQL; empty if all are
 */
public record PublishedTable(TableName table, String filter, String missingColumns) {}
