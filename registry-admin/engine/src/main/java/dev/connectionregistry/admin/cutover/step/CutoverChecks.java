package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.FollowedTables;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.SchemaDifference;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.SupportedMajors;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import dev.connectionregistry.settings.ConnectionSettings;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The usual checks. */
public final class CutoverChecks {
    private static final int SHOWN_DIFFERENCES = 5;
    private static final String READ_ONLY = "default_transaction_read_only";

    /** In the order in which they are made; the last ones plan and try what the hold depends on. */
    public static final List<CutoverCheck> USUAL = List.of(
            new CutoverCheck("no driver property undoes the fence", CutoverChecks::properties),
            new CutoverCheck("the whole fleet takes part", ParticipationCheck::look),
            new CutoverCheck("the servers are two, of majors that will do", CutoverChecks::identities),
            new CutoverCheck("the target takes writes", CutoverChecks::writable),
            new CutoverCheck("the schemas are equal", CutoverChecks::schemas),
            new CutoverCheck("the tables to be counted are on both servers", CutoverChecks::tables),
            new CutoverCheck("the services' login works from here", CutoverChecks::serviceLogin),
            new CutoverCheck("the barrier can work", CutoverChecks::barrier),
            new CutoverCheck("no small table's rows differ", RowCounting::look),
            new CutoverCheck("the reverse slot can be made", CutoverChecks::reverseSlot),
            new CutoverCheck("there is a way back", CutoverChecks::wayBack),
            new CutoverCheck("the fence can be planned", CutoverChecks::fence));

    private CutoverChecks() {}

    private static void properties(CutoverRun run, Duration bound) throws StepFailure {
        properties("the current settings", run.spec().source());
        properties("the target's settings", run.spec().target());
        readOnlyMode(run);
    }

    /** With it setReadOnly(false) is sent to the server as a wish of the session's own, which wins over the default. */
    private static void readOnlyMode(CutoverRun run) {
        boolean always = run.spec().source().properties().entrySet().stream()
                .anyMatch(each -> each.getKey().equalsIgnoreCase("readOnlyMode")
                        && each.getValue().equalsIgnoreCase("always"));
        if (always && run.options().fence() == FenceKind.READ_ONLY) {
            run.warn("the driver property readOnlyMode of the current settings is 'always': a session that uses them"
                    + " behind the read-only fence, in another program than db-client, and switches a connection to"
                    + " read-only and back can write there again; take it out, or use --fence no-login");
        }
    }

    private static void properties(String which, ConnectionSettings settings) throws StepFailure {
        for (Map.Entry<String, String> each : settings.properties().entrySet()) {
            boolean bends = each.getKey().equalsIgnoreCase("options")
                    && each.getValue().toLowerCase(Locale.ROOT).contains(READ_ONLY);
            if (bends) {
                throw StepFailure.failed("the driver property 'options' of " + which + " sets " + READ_ONLY
                        + ", which wins over the fence; take it out first");
            }
        }
    }

    private static void identities(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        PostgresIdentity source = run.servers().source().identity();
        PostgresIdentity target = run.servers().target(bound).identity();
        if (run.servers().target(bound).isSameAs(run.servers().source(), bound)) {
            throw StepFailure.failed(SupportedMajors.sameDatabase(target) + ": "
                    + run.spec().source().endpoint() + " and "
                    + run.spec().target().endpoint());
        }
        require(source, Side.SOURCE);
        require(target, Side.TARGET);
        SupportedMajors.onlyToGoBackTo(target)
                .ifPresent(why -> run.warn("the target is Postgres " + target.version() + "; it " + why));
        SupportedMajors.untried(source, target)
                .ifPresent(
                        why -> run.warn("from Postgres " + source.version() + " to " + target.version() + ": " + why));
        run.journal().identities(source, target);
    }

    private static void require(PostgresIdentity server, Side side) throws StepFailure {
        Optional<String> tooOld = SupportedMajors.tooOld(server);
        if (tooOld.isPresent()) {
            throw StepFailure.failed("the " + side.word() + " is Postgres " + server.version() + "; " + tooOld.get());
        }
    }

    private static void writable(CutoverRun run, Duration bound) throws ServerException {
        run.servers().target(bound).requireWritable(bound);
    }

    private static void schemas(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        String source = run.servers().source().schemaDigest(bound);
        String target = run.servers().target(bound).schemaDigest(bound);
        if (!source.equals(target)) {
            List<String> lines = SchemaDifference.between(
                    run.servers().source().schemaLines(bound),
                    run.servers().target(bound).schemaLines(bound),
                    SHOWN_DIFFERENCES);
            throw StepFailure.failed("the schemas differ: "
                    + (lines.isEmpty()
                            ? "digest " + source + " on the source, " + target + " on the target"
                            : String.join("; ", lines)));
        }
    }

    private static void tables(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        SourceServer source = run.servers().source();
        TargetServer target = run.servers().target(bound);
        for (String table : run.options().verifyTables()) {
            source.count(table, bound);
            target.count(table, bound);
        }
    }

    private static void serviceLogin(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        run.servers().source().tryServiceLogin(bound);
    }

    private static void barrier(CutoverRun run, Duration bound) throws ServerException {
        if (run.options().barrier().kind() == BarrierChoice.Kind.REPLICATION) {
            run.servers().target(bound); // it needs a session there, too, and would wait for it again
        }
        run.servers().barrier().check(bound);
    }

    /** From here on a slot of that name is the run's own, to be made again and to be dropped. */
    private static void reverseSlot(CutoverRun run, Duration bound) throws ServerException {
        Optional<String> slot = run.journal().record().reverseSlot();
        if (slot.isPresent() && !run.journal().record().reverseSlotBegun()) {
            run.servers().target(bound).requireReverseSlot(slot.get(), bound);
        }
    }

    /** Only said: whether somebody wants to go back is theirs to know. */
    private static void wayBack(CutoverRun run, Duration bound) throws ServerException {
        Optional<Set<String>> published = run.servers().target(bound).publications(bound);
        Optional<PostgresIdentity> source = run.journal().record().sourceIdentity();
        Optional<PostgresIdentity> target = run.journal().record().targetIdentity();
        if (published.isEmpty() || source.isEmpty() || target.isEmpty()) {
            return;
        }
        ReplicationNames names = ReplicationNames.of(run.spec().database()).between(source.get(), target.get());
        Set<String> prepared = names.wayBack().stream()
                .filter(published.get()::contains)
                .collect(Collectors.toCollection(TreeSet::new));
        Optional<String> slot = run.journal().record().reverseSlot();
        if (slot.isPresent() && !prepared.isEmpty()) {
            warnOfGaps(run, prepared, bound);
        } else if (slot.isEmpty() && !prepared.isEmpty()) {
            run.warn("no slot for the way back is made, so going back later would lose what is written on the target; "
                    + "replication start has prepared it: add --reverse-slot");
        } else if (slot.isPresent()) {
            run.warn("slot " + slot.get()
                    + " is made, but replication reverse will refuse it: it needs a publication on the"
                    + " target that is older than the slot. Before the cutover, there: CREATE PUBLICATION \""
                    + names.namedWayBack() + "\" FOR TABLE " + wayBackTables(run, bound) + ";");
        }
    }

    /** A table that was added to the replication later is in the publication of the way there alone. */
    private static void warnOfGaps(CutoverRun run, Set<String> wayBack, Duration bound) throws ServerException {
        TargetServer target = run.servers().target(bound);
        Set<TableName> missing =
                new TreeSet<>(target.followed(bound).map(FollowedTables::tables).orElse(Set.of()));
        missing.removeAll(target.published(wayBack, bound));
        if (!missing.isEmpty()) {
            String words = missing.stream().map(TableName::toString).collect(Collectors.joining(", "));
            String tables = missing.stream().map(TableName::sql).collect(Collectors.joining(", "));
            run.warn("what is written to " + words
                    + " after the switch would be lost on the way back: the publication for it"
                    + " lacks " + (missing.size() == 1 ? "that table" : "those tables")
                    + ". Before the cutover, on the target: ALTER PUBLICATION "
                    + Sql.identifier(wayBack.iterator().next()) + " ADD TABLE " + tables + ";");
        }
    }

    private static String wayBackTables(CutoverRun run, Duration bound) throws ServerException {
        TargetServer target = run.servers().target(bound);
        Set<TableName> followed =
                target.followed(bound).map(FollowedTables::tables).orElse(Set.of());
        Stream<TableName> tables =
                followed.isEmpty() ? target.tableSizes(bound).stream().map(TableSize::name) : followed.stream();
        return tables.sorted().map(TableName::sql).collect(Collectors.joining(", "));
    }

    private static void fence(CutoverRun run, Duration bound) throws StepFailure, ServerException {
        run.journal().fence(run.servers().fencePlan(bound));
    }
}
