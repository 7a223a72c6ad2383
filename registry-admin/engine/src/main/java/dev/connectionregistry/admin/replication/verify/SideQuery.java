package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.replication.verify.TableChoice.RowRange;
import dev.connectionregistry.admin.server.TableName;
import java.util.List;
import java.util.Optional;

/**
 * What is read from a table on one server. Both servers' queries are made together and give comparable texts.
 * Immutable.
 *
 * @param table the table
 * @param partitioned whether it is a root on this server
 * @param key SQL for the text of each key column, in the key's order; empty if there is no key
 * @param row SQL for the text of each column, by name
 * @param keyColumns the key's columns
 * @param keyTypes their types on this server, for looking rows up
 * @param mark which rows are read; empty for all
 * @param markType the type of its column on this server
 * @param toUtf8 whether texts must be converted to a common encoding
 */
public record SideQuery(
        TableName table,
        boolean partitioned,
        List<String> key,
        List<String> row,
        List<String> keyColumns,
        List<String> keyTypes,
        Optional<RowRange> mark,
        String markType,
        boolean toUtf8) {
    public SideQuery {
        key = List.copyOf(key);
        row = List.copyOf(row);
        keyColumns = List.copyOf(keyColumns);
        keyTypes = List.copyOf(keyTypes);
    }
}
