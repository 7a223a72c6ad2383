package dev.connectionregistry.admin.settings;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.ServerAddress;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.fleet.OtherNames.NamedFleet;
import dev.connectionregistry.admin.fleet.ServerMap;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import jakarta.inject.Inject;
import java.util.List;
import java.util.stream.Collectors;

/** Finds the names of the registry on a server that the operator names. */
public final class ServerFinder {
    private final OtherNames names;
    private final CommandText commands;

    @Inject
    public ServerFinder(OtherNames names, CommandText commands) {
        this.names = names;
        this.commands = commands;
    }

    /**
     * The names at an address; the database in {@code address} doesn't count.
     *
     * @throws OperationException if no name of the registry is there
     */
    public List<NamedFleet> at(Endpoint address) {
        return some(ServerMap.of(names.all()).namesAt(address), address, ", by its settings or by a live instance");
    }

    /**
     * The names whose settings are at an address, under whatever name of that server.
     *
     * @throws OperationException if there is none
     */
    public List<DatabaseName> settledAt(Endpoint address) {
        return settled(address).names();
    }

    /**
     * The same, and which of them stand for their Postgres databases.
     *
     * @throws OperationException if there is none
     */
    public Settled settled(Endpoint address) {
        ServerMap map = ServerMap.of(names.all());
        return new Settled(some(map.settledAt(address), address, " by its settings"), map.leadsAt(address));
    }

    /**
     * The names whose settings are on a server.
     *
     * @param names all of them, by Postgres database, then by name
     * @param leads the first one of each Postgres database
     */
    public record Settled(List<DatabaseName> names, List<DatabaseName> leads) {}

    private <T> List<T> some(List<T> found, Endpoint address, String by) {
        if (found.isEmpty()) {
            throw new OperationException(
                    Reason.UNKNOWN,
                    "no name of the registry is on "
                            + address.each().stream().map(ServerAddress::of).collect(Collectors.joining(" or ")) + by,
                    commands.command("servers"));
        }
        return found;
    }
}
