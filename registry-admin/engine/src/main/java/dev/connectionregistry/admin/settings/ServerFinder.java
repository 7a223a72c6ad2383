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
     * A name whose settings can't be used, so that it can't be found.
     *
     * @param problem why, what is therefore unknown, and the next step
     */
    public record LeftOut(DatabaseName name, String problem) {
        /** For people. */
        public String warning() {
            return "'" + name + "' is left out: " + problem;
        }
    }

    /** All servers of the registry. */
    public record Servers(ServerMap map, List<LeftOut> leftOut) {}

    /**
     * The names on a server, and their fleets.
     *
     * @param leftOut the names of which it is unknown
     */
    public record FleetsOnServer(List<NamedFleet> fleets, List<LeftOut> leftOut) {}

    /**
     * The names whose settings are on a server.
     *
     * @param names all of them, by Postgres database, then by name
     * @param leads the first one of each Postgres database
     * @param leftOut the names of which it is unknown
     */
    public record Settled(List<DatabaseName> names, List<DatabaseName> leads, List<LeftOut> leftOut) {}

    /** All servers, with the names on each. */
    public Servers all() {
        return read("on which server it is");
    }

    /**
     * The names at an address; the database in {@code address} doesn't count.
     *
     * @throws OperationException if no name of the registry is there
     */
    public FleetsOnServer at(Endpoint address) {
        Servers all = on(address);
        return new FleetsOnServer(
                some(all, all.map().namesAt(address), address, ", by its settings or by a live instance"),
                all.leftOut());
    }

    /**
     * The names whose settings are on the server at an address, by any address of that server.
     *
     * @throws OperationException if there is none
     */
    public Settled settled(Endpoint address) {
        Servers all = on(address);
        return new Settled(
                some(all, all.map().settledAt(address), address, " by its settings"),
                all.map().leadsAt(address),
                all.leftOut());
    }

    private Servers on(Endpoint address) {
        return read("whether it is on " + addresses(address));
    }

    private Servers read(String unknown) {
        OtherNames.AllNames all = names.read();
        return new Servers(
                ServerMap.of(all.usable()),
                all.unusable().stream()
                        .map(each -> new LeftOut(
                                each.name(),
                                "its settings can't be used (" + each.problem() + "), so it is unknown " + unknown
                                        + "; see " + commands.command("repair " + each.name() + " --dry-run")))
                        .toList());
    }

    private static String addresses(Endpoint address) {
        return address.each().stream().map(ServerAddress::of).collect(Collectors.joining(" or "));
    }

    private <T> List<T> some(Servers all, List<T> found, Endpoint address, String by) {
        if (found.isEmpty()) {
            throw new OperationException(
                    Reason.UNKNOWN,
                    "no name of the registry is on " + addresses(address) + by
                            + all.leftOut().stream()
                                    .findFirst()
                                    .map(each -> "; " + each.warning())
                                    .orElse(""),
                    commands.command("servers"));
        }
        return found;
    }
}
