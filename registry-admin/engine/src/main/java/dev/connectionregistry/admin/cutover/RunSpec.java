package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What a run must do. Immutable; the same for every coordinator that executes the run.
 *
 * @param id the id of the run, such as {@code c-3f9a1b2c}
 * @param rehearsal whether it goes back after the hold
 * @param by who began it
 * @param startedAt when, by that machine's clock
 * @param reason why, for the history; may be empty
 * @param members the names that move; the journal is under the first of them
 * @param options what the operator chose
 */
public record RunSpec(
        String id,
        boolean rehearsal,
        String by,
        Instant startedAt,
        String reason,
        List<GroupMember> members,
        RunOptions options) {
    private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,32}");

    /**
     * Checks the id, which becomes part of channels, application names and commands.
     *
     * @throws InvalidSettingsException if it isn't one, or if there is no member
     */
    public RunSpec {
        if (!ID.matcher(id).matches()) {
            throw new InvalidSettingsException(
                    "the id of a cutover is '" + id + "'; it must be 1 to 32 of a-z, 0-9 and '-'");
        }
        if (members.isEmpty()) {
            throw new InvalidSettingsException("cutover " + id + " moves no name");
        }
        long names = members.stream().map(GroupMember::name).distinct().count();
        if (names < members.size()) {
            throw new InvalidSettingsException("cutover " + id + " moves a name twice");
        }
        members = List.copyOf(members);
    }

    /** A run of one name. */
    public RunSpec(
            String id,
            DatabaseName database,
            boolean rehearsal,
            String by,
            Instant startedAt,
            String reason,
            long baseVersion,
            ConnectionSettings source,
            ConnectionSettings target,
            RunOptions options) {
        this(
                id,
                rehearsal,
                by,
                startedAt,
                reason,
                List.of(new GroupMember(database, transitionId(id, 0), baseVersion, source, target)),
                options);
    }

    /** The id of the transition of a run's member at {@code index}; that of the first is the run's own. */
    public static String transitionId(String id, int index) {
        return index == 0 ? id : id + "-" + index;
    }

    public RunSpec with(RunOptions other) {
        return new RunSpec(id, rehearsal, by, startedAt, reason, members, other);
    }

    /** With these members instead. */
    public RunSpec with(List<GroupMember> others) {
        return new RunSpec(id, rehearsal, by, startedAt, reason, others, options);
    }

    /** Says {@code text} about each name; if there are several, with the name in front. */
    public String perName(Function<GroupMember, String> text) {
        return members.size() == 1
                ? text.apply(home())
                : members.stream()
                        .map(each -> each.name() + ": " + text.apply(each))
                        .collect(Collectors.joining(", "));
    }

    /** The names that move, the one with the journal first. */
    public List<DatabaseName> names() {
        return members.stream().map(GroupMember::name).toList();
    }

    /** Which names go from where to where: {@code orders, reports from db1:5432/orders to db2:5432/orders}. */
    public String route() {
        return parts().map(
                        each -> joined(each) + " from " + each.get(0).source().endpoint() + " to "
                                + each.get(0).target().endpoint())
                .collect(Collectors.joining("; "));
    }

    /** Where the names are if they are where {@code settings} says: {@code orders, reports are on db1:5432/orders}. */
    public String places(Function<GroupMember, ConnectionSettings> settings) {
        return parts().map(each -> joined(each)
                        + (each.size() == 1 ? " is on " : " are on ")
                        + settings.apply(each.get(0)).endpoint())
                .collect(Collectors.joining("; "));
    }

    /** The names that go together, and the readers, each of which may come from and go to a server of its own. */
    private Stream<List<GroupMember>> parts() {
        return Stream.concat(databases().stream(), readers().stream().map(List::of));
    }

    /** The names that read from standbys. */
    public List<GroupMember> readers() {
        return members.stream().filter(GroupMember::isReader).toList();
    }

    /** The endpoints that are fenced, each once. */
    public String fencedEndpoints() {
        return databases().stream()
                .map(each -> each.get(0).source().endpoint().toString())
                .collect(Collectors.joining(" and "));
    }

    /** The endpoints of {@code settings}, each once: {@code db1:5432/orders and db1:5432/billing}. */
    public String endpoints(Function<GroupMember, ConnectionSettings> settings) {
        return members.stream()
                .map(each -> settings.apply(each).endpoint().toString())
                .distinct()
                .collect(Collectors.joining(" and "));
    }

    private static String joined(List<GroupMember> members) {
        return members.stream().map(each -> each.name().value()).collect(Collectors.joining(", "));
    }

    /** The first name, which has the journal. */
    public GroupMember home() {
        return members.get(0);
    }

    /** The name that has the journal, by which people call the run. */
    public DatabaseName database() {
        return home().name();
    }

    /** The version of the settings that the first name began from. */
    public long baseVersion() {
        return home().baseVersion();
    }

    /** The settings that the first name leaves. */
    public ConnectionSettings source() {
        return home().source();
    }

    /** The settings that the first name goes to. */
    public ConnectionSettings target() {
        return home().target();
    }

    /** The member of this name; empty if the run doesn't move it. */
    public Optional<GroupMember> member(DatabaseName name) {
        return members.stream().filter(each -> each.name().equals(name)).findFirst();
    }

    /**
     * The names on each Postgres database that the run leaves, as far as their settings tell, without readers; the
     * first name of each list leads.
     */
    public List<List<GroupMember>> databases() {
        Map<Endpoint, List<GroupMember>> byEndpoint = new LinkedHashMap<>();
        members.stream().filter(each -> !each.isReader()).forEach(each -> byEndpoint
                .computeIfAbsent(each.source().endpoint(), any -> new ArrayList<>())
                .add(each));
        return List.copyOf(byEndpoint.values());
    }

    /** The readers of the standbys of one of these names. */
    public List<GroupMember> readersOf(List<GroupMember> names) {
        return members.stream()
                .filter(each -> names.stream().anyMatch(name -> each.primary().equals(Optional.of(name.name()))))
                .toList();
    }

    /**
     * Where the signals to the instances of {@code member} are, if that isn't its target: a standby can't {@code LISTEN}, so it is the
     * target of the reader's primary.
     */
    public Optional<Endpoint> signalServer(GroupMember member) {
        return member.primary()
                .flatMap(this::member)
                .map(primary -> primary.target().endpoint())
                .filter(server -> !server.equals(member.target().endpoint()));
    }

    /** The names in {@link #databases}. */
    public List<List<DatabaseName>> databaseNames() {
        return databases().stream()
                .map(each -> each.stream().map(GroupMember::name).toList())
                .toList();
    }

    /** The part of this that concerns one name, as if it moved alone. */
    public RunSpec about(GroupMember member) {
        return with(List.of(member));
    }

    /** How the operator logs in to the first name's source. */
    public ServerLogin sourceAdmin() {
        return sourceAdmin(home());
    }

    /** How the operator logs in to the first name's target. */
    public ServerLogin targetAdmin() {
        return targetAdmin(home());
    }

    /** How the operator logs in to the source of {@code member}. */
    public ServerLogin sourceAdmin(GroupMember member) {
        return options.sourceAdmin().on(ServerLogin.of(member.source()));
    }

    /** How the operator logs in to the target of {@code member}. */
    public ServerLogin targetAdmin(GroupMember member) {
        return options.targetAdmin().on(ServerLogin.of(member.target()));
    }
}
