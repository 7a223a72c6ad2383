package dev.connectionregistry.admin.replication.verify;

/**
 * A whole table that has no key.
 *
 * @param content its rows
 * @param versions a digest of which versions of rows the server has; the same only as long as nothing was written
 */
public record KeylessTable(Bucket content, String versions) {}
