package dev.connectionregistry.admin.replication.verify;

/**
 * Rows put together. Two are equal if, for all practical purposes, they hold the same rows.
 *
 * @param rows how many
 * @param digest sums of their hashes
 */
public record Bucket(long rows, String digest) {}
