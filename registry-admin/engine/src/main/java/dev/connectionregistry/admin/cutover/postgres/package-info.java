/**
 * The cutover's two Postgres servers over plain JDBC: lock, fence, proof, barriers, sequences, schema, signals. Entry
 * type: {@link dev.connectionregistry.admin.cutover.postgres.PostgresServers}.
 *
 * <p>Sources are Postgres 10 to 18, targets 13 to 18. No superuser is needed; a run's role needs these grants on the
 * source, where {@code owner} is the owner of the database:
 *
 * <pre>
 * GRANT owner TO admin;                      -- ALTER DATABASE, GRANT and REVOKE on it
 * GRANT pg_signal_backend TO admin;          -- end the services' sessions
 * GRANT pg_read_all_stats TO admin;          -- see whose sessions there are
 * GRANT SELECT ON ALL SEQUENCES IN SCHEMA public TO admin;
 * ALTER ROLE admin CREATEROLE;               -- only if a role has its own default_transaction_read_only, or is exempt;
 * GRANT that_role TO admin WITH ADMIN OPTION -- the same, from 16 on
 * </pre>
 *
 * and on the target {@code GRANT UPDATE, SELECT ON ALL SEQUENCES}, and {@code ALTER ROLE admin REPLICATION} if a slot
 * for the way back is wanted. Sessions of superusers can be ended by superusers only: exempt their roles, or close them
 * before.
 */
@NullMarked
package dev.connectionregistry.admin.cutover.postgres;

import org.jspecify.annotations.NullMarked;
