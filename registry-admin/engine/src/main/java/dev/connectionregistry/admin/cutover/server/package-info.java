/**
 * What a cutover asks of the two Postgres servers, as ports and values; {@code admin.postgres} does it over JDBC. Every call
 * is bounded in time, and every failure is a {@link dev.connectionregistry.admin.server.ServerException}.
 */
@NullMarked
package dev.connectionregistry.admin.cutover.server;

import org.jspecify.annotations.NullMarked;
