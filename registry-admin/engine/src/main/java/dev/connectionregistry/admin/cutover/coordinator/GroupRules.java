package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which names can move together, by their settings alone. Pure. */
final class GroupRules {
    private GroupRules() {}

    /**
     * Checks the names before any server is contacted.
     *
     * @throws InvalidSettingsException if there are too many, or one is given twice
     */
    static void checkNames(List<GroupMember> members) {
        if (members.size() > CutoverRegistry.MOST_DATABASES) {
            throw new InvalidSettingsException("a cutover of " + members.size()
                    + " names is too large: one transaction has room for " + CutoverRegistry.MOST_DATABASES
                    + "; move them in several groups, each with all names of its Postgres databases");
        }
        Set<DatabaseName> names = new HashSet<>();
        for (GroupMember member : members) {
            if (!names.add(member.name())) {
                throw new InvalidSettingsException("'" + member.name() + "' is given twice");
            }
        }
    }

    /**
     * Checks where they go, once it is known which of them are readers. A reader needs no server of its own on either
     * side.
     *
     * @throws InvalidSettingsException naming what doesn't go together
     */
    static void check(List<GroupMember> members, RunOptions options) {
        Map<Endpoint, GroupMember> bySource = new HashMap<>();
        Map<Endpoint, GroupMember> byTarget = new HashMap<>();
        List<GroupMember> moved =
                members.stream().filter(each -> !each.isReader()).toList();
        for (GroupMember member : moved) {
            requireSameTarget(bySource.putIfAbsent(member.source().endpoint(), member), member);
            requireSameSource(byTarget.putIfAbsent(member.target().endpoint(), member), member);
        }
        for (GroupMember member : members) {
            GroupMember leaving = bySource.get(member.target().endpoint());
            if (leaving != null) {
                throw new InvalidSettingsException("'" + member.name() + "' would go to "
                        + member.target().endpoint() + ", which '" + leaving.name()
                        + "' leaves; its fence refuses writes there");
            }
        }
        if (bySource.size() > 1) {
            requireNothingOfOneDatabase(options);
        }
    }

    private static void requireSameTarget(@Nullable GroupMember earlier, GroupMember member) {
        if (earlier != null
                && !earlier.target().endpoint().equals(member.target().endpoint())) {
            throw new InvalidSettingsException("'" + earlier.name() + "' and '" + member.name() + "' are both on "
                    + member.source().endpoint() + ", so they must go to the same target, not to "
                    + earlier.target().endpoint() + " and " + member.target().endpoint());
        }
    }

    private static void requireSameSource(@Nullable GroupMember earlier, GroupMember member) {
        if (earlier != null
                && !earlier.source().endpoint().equals(member.source().endpoint())) {
            throw new InvalidSettingsException("'" + earlier.name() + "' on "
                    + earlier.source().endpoint() + " and '" + member.name() + "' on "
                    + member.source().endpoint() + " can't both go to "
                    + member.target().endpoint() + ": one Postgres database follows one source; give --to without a"
                    + " database, or another target with --map " + member.name() + "=HOST:PORT/NAME");
        }
    }

    /** A slot or a table belongs to one Postgres database, and no option says to which. */
    private static void requireNothingOfOneDatabase(RunOptions options) {
        if (options.reverseSlot().filter(name -> !name.isEmpty()).isPresent()) {
            throw new InvalidSettingsException(
                    "--reverse-slot NAME is for one Postgres database, and this cutover leaves"
                            + " several: give it without a name");
        }
        if (!options.barrier().text().isEmpty()) {
            throw new InvalidSettingsException(options.barrier().option()
                    + " is for one Postgres database, and this cutover leaves several: leave it out");
        }
        if (!options.verifyTables().isEmpty()) {
            throw new InvalidSettingsException("--verify-table is for one Postgres database, and this cutover leaves"
                    + " several: leave it out, small tables are counted anyway");
        }
    }
}
