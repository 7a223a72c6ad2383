package dev.connectionregistry.registry;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import java.time.Instant;
import java.util.Optional;

/**
 * Which server and database a connection has really reached, according to the server itself over that connection; a
 * name or an address proves nothing. Two connections have reached the same place if their identities are equal. A
 * physical copy has the system identifier and the oids of the server that it was copied from, but another start time; a
 * restart changes only the start time.
 *
 * @param systemIdentifier the cluster's identifier, in decimal digits; empty if the role may not ask for it
 * @param databaseOid the oid of the database within the cluster
 * @param database the name of the database on the server
 * @param serverStartedAt when the server's postmaster started, by the server's clock, to the microsecond
 */
public record ServerIdentity(
        Optional<String> systemIdentifier, long databaseOid, String database, Instant serverStartedAt) {
    private static final int LONGEST = 255;
    private static final Instant LATEST = Instant.parse("2200-01-01T00:00:00Z");

    /**
     * Checks that a report can carry it: a server may send anything.
     *
     * @throws InvalidSettingsException if a text is longer than 255 characters, or the time isn't in the current
     *     centuries
     */
    public ServerIdentity {
        Problems problems = new Problems();
        problems.require(
                systemIdentifier.orElse("").length() <= LONGEST && database.length() <= LONGEST,
                "a server's system identifier or database has more than " + LONGEST + " characters");
        problems.require(
                !serverStartedAt.isBefore(Instant.EPOCH) && serverStartedAt.isBefore(LATEST),
                "a server says that it started at " + serverStartedAt);
        problems.throwIfAny();
    }
}
