package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What the registry says.
 *
 * @param pair the two servers
 * @param fleet who is there
 * @param runs earlier cutovers whose journals can be read, the latest first
 * @param others other names that are on the same Postgres database
 * @param othersProblem why nothing is known of other names; empty if it is
 */
record FleetView(
        ServerPair pair,
        FleetSnapshot fleet,
        List<RunRecord> runs,
        List<OtherNames.Shared> others,
        String othersProblem) {
    private static final int SHOWN = 5;

    /** The command that tries a cutover of this pair. */
    String rehearse() {
        return "cutover " + pair.database() + " --to "
                + Remedy.word(pair.targetSettings().endpoint()) + " --rehearse" + pair.adminWords();
    }

    /** What a check of the instances says where there is none. */
    Finding nobody() {
        return Finding.notYet("no live instance to look at");
    }

    /** {@code a/1, a/2 and 3 more}. */
    static String names(List<FleetMember> members) {
        String first = members.stream().limit(SHOWN).map(FleetMember::name).collect(Collectors.joining(", "));
        return first + (members.size() > SHOWN ? " and " + (members.size() - SHOWN) + " more" : "");
    }
}
