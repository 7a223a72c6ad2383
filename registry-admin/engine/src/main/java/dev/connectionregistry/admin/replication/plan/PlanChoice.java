package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.server.TableName;

/**
 * What a plan file says of a table.
 *
 * @param table its name
 * @param method how its rows get there
 * @param slices how many; 0 if it doesn't say
 * @param line where in the file
 */
public record PlanChoice(TableName table, CopyMethod method, int slices, int line) {}
