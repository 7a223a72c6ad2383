package dev.connectionregistry.admin.replication.verify;

/**
 * What part of a table is compared. Immutable.
 *
 * @param column by which column
 * @param before whether it is the rows below the value that count, or those from it on
 * @param value as a person writes it; the server reads it as the column's type, times without a zone as UTC
 */
public record RowRange(String column, boolean before, String value) {
    /** {@code created_at before 2026-11-01}. */
    @Override
    public String toString() {
        return column + (before ? " before " : " from ") + value;
    }
}
