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
    public Settled settled(Endpoint address) {
        OtherNames.AllNames all = names.read();
        ServerMap map = ServerMap.of(all.usable());
        List<LeftOut> leftOut = all.unusable().stream()
                .map(each -> new LeftOut(
                        each.name(),
                        "its settings can't be used (" + each.problem() + "), so it is unknown whether it is on "
                                + addresses(address) + "; see "
                                + commands.command("repair " + each.name() + " --dry-run")))
                .toList();
        String but = leftOut.isEmpty() ? "" : "; " + leftOut.get(0).warning();
        return new Settled(
                some(map.settledAt(address), address, " by its settings" + but), map.leadsAt(address), leftOut);
    }

    /** A name that may be on the server, and why that is unknown. */
    public record LeftOut(DatabaseName name, String problem) {
        /** For people. */
        public String warning() {
            return "'" + name + "' is left out: " + problem;
        }
    }

    /**
     * The names whose settings are on a server.
     *
     * @param names all of them, by Postgres database, then by name
     * @param leads the first one of each Postgres database
     * @param leftOut those of which it is unknown
     */
    public record Settled(List<DatabaseName> names, List<DatabaseName> leads, List<LeftOut> leftOut) {}

    private static String addresses(Endpoint address) {
        return address.each().stream().map(ServerAddress::of).collect(Collectors.joining(" or "));
    }

    private <T> List<T> some(List<T> found, Endpoint address, String by) {
        if (found.isEmpty()) {
            throw new OperationException(
                    Reason.UNKNOWN,
                    "no name of the registry is on " + addresses(address) + by,
                    commands.command("servers"));
        }
        return found;
    }
}
