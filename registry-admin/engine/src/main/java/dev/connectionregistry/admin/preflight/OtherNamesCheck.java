package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.fleet.OtherNames.NamedFleet;
import dev.connectionregistry.admin.fleet.OtherNames.Place;
import dev.connectionregistry.admin.fleet.OtherNames.Shared;
import dev.connectionregistry.admin.fleet.OtherNames.Unusable;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the registry says about names other than the one that is checked, and the check on it. Immutable.
 *
 * @param pair the two servers
 * @param shared other names that are on the same server
 * @param usable all names, with their fleets
 * @param unusable names of which it is unknown on which server they are
 * @param problem why nothing is known of other names; empty if it is
 */
record OtherNamesCheck(
        ServerPair pair, List<Shared> shared, List<NamedFleet> usable, List<Unusable> unusable, String problem) {

    /** Reads the registry. If other names can't be read, this one is checked all the same. */
    static OtherNamesCheck read(OtherNames names, ServerPair pair) {
        try {
            OtherNames.AllNames all = names.readKnown();
            List<Shared> shared = OtherNames.namesOnServer(
                    pair.database(), pair.sourceSettings().endpoint(), all.usable());
            return new OtherNamesCheck(pair, shared, all.usable(), all.unusable(), "");
        } catch (RegistryException e) {
            return new OtherNamesCheck(pair, List.of(), List.of(), List.of(), String.valueOf(e.getMessage()));
        }
    }

    /** For a registry without other names. */
    static OtherNamesCheck none(ServerPair pair) {
        return new OtherNamesCheck(pair, List.of(), List.of(), List.of(), "");
    }

    /** The reports of the live instances of every name. */
    Stream<InstanceReport> reports() {
        return usable.stream().flatMap(each -> each.reports().stream());
    }

    /** The same for the names that would move with this one from the same server. */
    List<InstanceReport> movingTogether() {
        Set<DatabaseName> together = shared.stream()
                .map(Shared::name)
                .filter(pair.together()::contains)
                .collect(Collectors.toSet());
        return usable.stream()
                .filter(each -> together.contains(each.name()))
                .flatMap(each -> each.reports().stream())
                .toList();
    }

    /** The finding about them. */
    Finding judge() {
        if (!problem.isEmpty()) {
            return Finding.unknown(problem);
        }
        Finding known = known();
        if (unusable.isEmpty()) {
            return known;
        }
        Unusable first = unusable.get(0);
        return Finding.worst(List.of(
                known,
                Finding.warn(
                        "the settings of "
                                + NameLists.some(NameLists.each(unusable, each -> "'" + each.name() + "'"))
                                + " can't be used, so it is unknown whether they are on "
                                + pair.sourceSettings().endpoint() + ": " + first.problem(),
                        Remedy.command("repair " + first.name() + " --dry-run"))));
    }

    private Finding known() {
        List<Shared> others = staying(Place.DATABASE);
        if (others.isEmpty()) {
            List<Shared> beside = staying(Place.SERVER);
            List<Shared> together = shared.stream()
                    .filter(each ->
                            each.place() == Place.DATABASE && pair.together().contains(each.name()))
                    .toList();
            return Finding.pass("no other name of the registry "
                    + (together.isEmpty() ? "is on " : "stays on ")
                    + pair.sourceSettings().endpoint()
                    + (together.isEmpty()
                            ? ""
                            : ": " + NameLists.some(NameLists.each(together, each -> "'" + each.name() + "'"))
                                    + (together.size() == 1 ? " moves" : " move") + " with it")
                    + (beside.isEmpty()
                            ? ""
                            : "; in other databases of the server, untouched by the fence, "
                                    + Plural.of(beside.size(), "name stays", "names stay") + ": "
                                    + NameLists.some(NameLists.each(beside, each -> "'" + each.name() + "'"))));
        }
        return Finding.fail(
                Plural.of(others.size(), "other name is", "other names are")
                        + " on the same Postgres database: "
                        + others.stream().map(Shared::toString).collect(Collectors.joining(", "))
                        + "; behind the fence of '" + pair.database()
                        + "' every write of theirs would fail (SQLState 25006)",
                Remedy.command(cutoverOfAll(pair, others) + pair.adminWords()),
                Remedy.advice("moves them together; or remove those that no service uses, or accept that their writes"
                        + " fail until you move them too, with --skip-check other-names"),
                Remedy.command("servers"));
    }

    /** The cutover command that moves these too, with the names of the Postgres databases as they are or would be. */
    static String cutoverOfAll(ServerPair pair, List<Shared> others) {
        List<DatabaseName> here = Stream.concat(
                        Stream.of(pair.database()), others.stream().map(Shared::name))
                .toList();
        Endpoint target = pair.targetSettings().endpoint();
        boolean same =
                target.databaseName().equals(pair.sourceSettings().endpoint().databaseName());
        String words = Stream.concat(
                        here.stream(), pair.together().stream().sorted(Comparator.comparing(DatabaseName::value)))
                .distinct()
                .map(DatabaseName::value)
                .collect(Collectors.joining(" "));
        String text = target.toString();
        return "cutover " + words + " --to " + Remedy.word(text.substring(0, text.lastIndexOf('/')))
                + (same
                        ? ""
                        : here.stream()
                                .map(name -> " --map " + Remedy.word(name + "=" + target))
                                .collect(Collectors.joining()));
    }

    /** Leaves out names that are cut over together with this one. */
    private List<Shared> staying(Place place) {
        return shared.stream()
                .filter(each -> each.place() == place && !pair.together().contains(each.name()))
                .toList();
    }
}
