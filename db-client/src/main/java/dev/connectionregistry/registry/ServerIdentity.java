package dev.connectionregistry.registry;

import java.time.Instant;
import java.util.Optional;

/**
 * Which server and database a connection has really reached, as the server itself says over that connection; a name or an
 * address proves nothing. Two connections are at the same place if their identities are equal. Physical copies share the system
 * identifier and the oids of the server they were copied from, but not the start time; a restart changes the start time alone.
 *
 * @param systemIdentifier the cluster's, in decimal digits; empty if the role may not ask for it
 * @param databaseOid the oid of the database within the cluster
 * @param database the name of the database as the server has it
 * @param serverStartedAt when the server's postmaster started, by the server's clock, to the microsecond
 */
public record ServerIdentity(
        Optional<String> systemIdentifier, long databaseOid, String database, Instant serverStartedAt) {}
