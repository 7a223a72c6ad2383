package dev.connectionregistry.admin.server;

/**
 * Which server this is, whatever name led to it.
 *
 * @param systemIdentifier the cluster's own number, the same on a physical copy
 * @param database the database's name
 * @param major such as 17
 * @param version as the server says it, such as {@code 17.11}
 */
public record PostgresIdentity(String systemIdentifier, String database, int major, String version) {
    /** Which database of which cluster, for names that outlive a restart: of a server that hides its number, its address. */
    public String lasting() {
        return systemIdentifier.replaceFirst("^started .* at ", "at ") + "/" + database;
    }
}
