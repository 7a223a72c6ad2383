package dev.connectionregistry.admin.replication.verify;

/**
 * A row as it was looked up by its key.
 *
 * @param content hash of the row
 * @param version the server's own mark of this version of the row; as long as it stays nothing wrote to the row
 */
public record RowVersion(String content, String version) {
    /** Both, for a key that is there more than once. */
    public RowVersion and(RowVersion other) {
        boolean first = (content + version).compareTo(other.content + other.version) < 0;
        return first
                ? new RowVersion(content + "," + other.content, version + "," + other.version)
                : new RowVersion(other.content + "," + content, other.version + "," + version);
    }
}
