package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.FleetChecks;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Versions;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.FollowedTables;
import dev.connectionregistry.admin.server.SchemaDifference;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import dev.connectionregistry.settings.ConnectionSettings;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The checks that a cutover makes itself before it changes anything, with the sessions that the run uses later. A new
 * check gets an entry in the list.
 */
public final class CutoverChecks {
    private static final int SHOWN_DIFFERENCES = 5;
    private static final String READ_ONLY = "default_transaction_read_only";

    /** The checks that are about a name; the others are about its Postgres database. */
    private static final Set<String> ABOUT_NAME = Set.of(PreflightCheck.NAME, "driver-properties", "fleet");

    /** Whether a check is made for a reader, too: it asks neither of its servers. */
    static boolean isAboutReader(Check<Looking> check) {
        return isAboutName(check) && !check.about().name().equals(PreflightCheck.NAME);
    }

    /** Whether a check is made for every name, and not only for the first one of a Postgres database. */
    static boolean isAboutName(Check<Looking> check) {
        return ABOUT_NAME.contains(check.about().name());
    }

    /**
     * What the checks look at.
     *
     * @param run the Postgres database that is to be left
     * @param member one of its names
     * @param source the session that will fence
     * @param bound how long each may take
     */
    public record Looking(DatabaseRun run, GroupMember member, SourceServer source, Duration bound) {
        TargetServer target() throws ServerException {
            return run.servers().target(bound);
        }

        RunSpec spec() {
            return run.spec();
        }

        ServerPair pair() {
            return new ServerPair(
                    member.name(),
                    member.baseVersion(),
                    member.source(),
                    member.target(),
                    spec().sourceAdmin(member),
                    spec().targetAdmin(member),
                    spec().options().sourceAdmin().defaults(),
                    spec().members().stream()
                            .map(GroupMember::name)
                            .filter(name -> !name.equals(member.name()))
                            .collect(Collectors.toSet()));
        }
    }

    /** In the order in which they are made. */
    public static final List<Check<Looking>> USUAL = List.of(
            check(Group.SETTINGS, "driver-properties").judges(looking -> properties(looking)),
            check(Group.FLEET, "fleet")
                    .asks(looking ->
                            looking.run().run().fleet().look(looking.member().name()))
                    .judges((fleet, looking) -> FleetChecks.participation(looking.pair(), fleet)),
            check(Group.SERVERS, "versions")
                    .asks(looking -> Versions.judge(
                            looking.source().identity(),
                            looking.target().identity(),
                            looking.target().isSameAs(looking.source(), looking.bound())))
                    .judges(UnaryOperator.identity()),
            requires(Group.SERVERS, "target-writable", looking -> looking.target()
                    .requireWritable(looking.bound())),
            check(Group.SCHEMA, "schema").asks(CutoverChecks::differences).judges(CutoverChecks::schema),
            requires(Group.DATA, "verify-tables", CutoverChecks::countable),
            requires(Group.RIGHTS, "service-login", looking -> looking.source().tryServiceLogin(looking.bound())),
            requires(Group.REPLICATION, "barrier", CutoverChecks::barrier),
            check(Group.DATA, "row-counts").asks(RowCounting::look).judges(UnaryOperator.identity()),
            requires(Group.REPLICATION, "reverse-slot", CutoverChecks::reverseSlot),
            check(Group.REPLICATION, "way-back").asks(WayBackFacts::read).judges(CutoverChecks::wayBack));

    private CutoverChecks() {}

    private static Check.Draft<Looking, Looking> check(Group group, String name) {
        return Check.draft(group, name, UnaryOperator.identity());
    }

    /** A requirement that a server refuses, saying why, if it isn't met. */
    private interface Requirement {
        void on(Looking looking) throws ServerException;
    }

    private static Check<Looking> requires(Group group, String name, Requirement requirement) {
        return check(group, name)
                .asks(looking -> {
                    requirement.on(looking);
                    return name;
                })
                .judges(Finding::pass);
    }

    private static Finding properties(Looking looking) {
        return Stream.of(
                        bends("the current settings", looking.member().source()),
                        bends("the target's settings", looking.member().target()),
                        readOnlyMode(looking))
                .flatMap(Optional::stream)
                .findFirst()
                .orElseGet(() -> Finding.pass("no driver property undoes the fence"));
    }

    private static Optional<Finding> bends(String which, ConnectionSettings settings) {
        return settings.properties().entrySet().stream()
                .filter(each -> each.getKey().equalsIgnoreCase("options")
                        && each.getValue().toLowerCase(Locale.ROOT).contains(READ_ONLY))
                .findFirst()
                .map(each -> Finding.fail("the driver property 'options' of " + which + " sets " + READ_ONLY
                        + ", which wins over the fence; take it out first"));
    }

    /**
     * With this mode, setReadOnly(false) sets the session's own read-only mode on the server, which wins over the
     * default.
     */
    private static Optional<Finding> readOnlyMode(Looking looking) {
        boolean always = looking.member().source().properties().entrySet().stream()
                .anyMatch(each -> each.getKey().equalsIgnoreCase("readOnlyMode")
                        && each.getValue().equalsIgnoreCase("always"));
        return always && looking.spec().options().fence() == FenceKind.READ_ONLY
                ? Optional.of(Finding.warn(
                        "the driver property readOnlyMode of the current settings is 'always': behind the read-only"
                                + " fence, a session with these settings in a program other than db-client that"
                                + " switches its connection to read-only and back can write again; take it out, or use"
                                + " --fence no-login"))
                : Optional.empty();
    }

    private static List<String> differences(Looking looking) throws ServerException {
        List<String> source = looking.source().schemaLines(looking.bound());
        looking.run().checkedSchema(source);
        return SchemaDifference.between(source, looking.target().schemaLines(looking.bound()), SHOWN_DIFFERENCES);
    }

    private static Finding schema(List<String> differences) {
        return differences.isEmpty()
                ? Finding.pass("the schemas are equal")
                : Finding.fail("the schemas differ: " + String.join("; ", differences));
    }

    private static void countable(Looking looking) throws ServerException {
        for (String table : looking.spec().options().verifyTables()) {
            looking.source().count(table, looking.bound());
            looking.target().count(table, looking.bound());
        }
    }

    private static void barrier(Looking looking) throws ServerException {
        if (looking.spec().options().barrier().isReplication()) {
            looking.target(); // the barrier needs a session on the target, too, and would wait for it again
        }
        looking.run().servers().barrier().check(looking.bound());
    }

    /** From here on a slot of that name is the run's own, to be made again and to be dropped. */
    private static void reverseSlot(Looking looking) throws ServerException {
        Optional<String> slot = looking.run().reverseSlot();
        boolean begun = looking.run().run().journal().record().reverseSlotBegun();
        if (slot.isPresent() && !begun) {
            looking.target().requireReverseSlot(slot.get(), looking.bound());
        }
    }

    /**
     * What is prepared for the way back.
     *
     * @param asked whether the target could be asked for its publications
     * @param slot the slot that the run makes
     * @param prepared publications on the target that are meant for it
     * @param names the names of these publications
     * @param missing tables that none of them has
     * @param tables what a publication would be for
     */
    private record WayBackFacts(
            boolean asked,
            Optional<String> slot,
            Set<String> prepared,
            ReplicationNames names,
            Set<TableName> missing,
            List<TableName> tables) {
        static WayBackFacts read(Looking looking) throws ServerException {
            TargetServer target = looking.target();
            Duration bound = looking.bound();
            ReplicationNames names = ReplicationNames.of(looking.member().name())
                    .between(looking.source().identity(), target.identity());
            Optional<String> slot = looking.run().reverseSlot();
            Optional<Set<String>> published = target.publications(bound);
            Set<String> prepared = names.wayBack().stream()
                    .filter(published.orElse(Set.of())::contains)
                    .collect(Collectors.toCollection(TreeSet::new));
            Set<TableName> followed = new TreeSet<>();
            List<TableName> tables = List.of();
            if (published.isPresent() && slot.isPresent()) {
                target.followed(bound).map(FollowedTables::tables).ifPresent(followed::addAll);
                tables = followed.isEmpty()
                        ? target.tableSizes(bound).stream().map(TableSize::name).toList()
                        : List.copyOf(followed);
                followed.removeAll(prepared.isEmpty() ? Set.of() : target.published(prepared, bound));
            }
            return new WayBackFacts(published.isPresent(), slot, prepared, names, followed, tables);
        }
    }

    /** Only warns: only the operator knows whether to go back later. */
    private static Finding wayBack(WayBackFacts facts) {
        if (!facts.asked() || (facts.slot().isEmpty() && facts.prepared().isEmpty())) {
            return Finding.pass("no way back is prepared");
        }
        if (facts.slot().isEmpty()) {
            return Finding.warn(
                    "no slot for the way back is made, so going back later would lose what is written on the"
                            + " target; replication start has prepared it: add --reverse-slot");
        }
        if (facts.prepared().isEmpty()) {
            return Finding.warn("slot " + facts.slot().get()
                    + " is made, but replication reverse will refuse it: it needs a publication on the target that is"
                    + " older than the slot. Before the cutover, on the target: CREATE PUBLICATION "
                    + Sql.identifier(facts.names().namedWayBack()) + " FOR TABLE " + sql(facts.tables()) + ";");
        }
        return facts.missing().isEmpty()
                ? Finding.pass("there is a way back")
                : Finding.warn("what is written to " + words(facts.missing())
                        + " after the switch would be lost on the way back: the publication for it lacks "
                        + (facts.missing().size() == 1 ? "that table" : "those tables")
                        + ". Before the cutover, on the target: ALTER PUBLICATION "
                        + Sql.identifier(facts.prepared().iterator().next()) + " ADD TABLE " + sql(facts.missing())
                        + ";");
    }

    private static String words(Collection<TableName> tables) {
        return tables.stream().map(TableName::toString).collect(Collectors.joining(", "));
    }

    private static String sql(Collection<TableName> tables) {
        return tables.stream().sorted().map(TableName::sql).collect(Collectors.joining(", "));
    }
}
