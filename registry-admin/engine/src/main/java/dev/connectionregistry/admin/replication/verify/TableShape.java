package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.server.TableName;
import java.util.List;
import java.util.Optional;

/**
 * A table as one server has it; for a partitioned table it is the root, which stands for all its partitions. Immutable.
 *
 * @param name its name
 * @param partitioned whether it is a root
 * @param unlogged whether it is kept out of the log, and so out of replication
 * @param columns its columns, by name
 * @param keys each set of columns that identifies a row, best first; empty if there is none
 * @param rows how many rows it has, as the server estimates
 * @param bytes its approximate size
 * @param encoding the encoding of the server's texts
 * @param copying its state in a subscription on this server, as long as it doesn't follow yet
 */
public record TableShape(
        TableName name,
        boolean partitioned,
        boolean unlogged,
        List<ColumnShape> columns,
        List<List<String>> keys,
        long rows,
        long bytes,
        String encoding,
        Optional<String> copying) {
    public TableShape {
        columns = List.copyOf(columns);
        keys = List.copyOf(keys);
    }

    public Optional<ColumnShape> column(String wanted) {
        return columns.stream().filter(each -> each.name().equals(wanted)).findFirst();
    }

    /**
     * A column as one server has it. Immutable.
     *
     * @param name its name
     * @param type its type, such as {@code numeric(10,2)}
     * @param form how {@code canonical} is made; texts of two servers are comparable if their forms and types are the
     *     same
     * @param canonical SQL for a text that depends only on the value, not on the server's version or settings
     * @param plain SQL for the value's ordinary text
     * @param generated whether the server computes it by itself
     */
    public record ColumnShape(
            String name, String type, String form, String canonical, String plain, boolean generated) {}
}
