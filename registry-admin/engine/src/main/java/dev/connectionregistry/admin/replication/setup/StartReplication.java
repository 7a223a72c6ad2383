package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.FailureReasons;
import dev.connectionregistry.admin.replication.plan.CopyMethod;
import dev.connectionregistry.admin.replication.plan.PlanFile;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.plan.SourceFacts;
import dev.connectionregistry.admin.replication.server.ReplicationServer.Pressure;
import dev.connectionregistry.admin.replication.server.ReplicationServers;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.settings.Durations;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sets up replication as a plan says, and returns when every table follows. May be interrupted at any point and
 * repeated.
 */
public final class StartReplication {
    private final ReplicationContexts contexts;
    private final FailureReasons.Opener reasons;
    private final Timing timing;
    private final CommandText commands;

    @Inject
    public StartReplication(
            ReplicationServers servers, FailureReasons.Opener reasons, Timing timing, CommandText commands) {
        this.contexts = new ReplicationContexts(servers, timing);
        this.reasons = reasons;
        this.timing = timing;
        this.commands = commands;
    }

    /**
     * Starts replication.
     *
     * @throws dev.connectionregistry.admin.common.OperationException if something is in the way, or the operator stops
     */
    public StartResult run(StartRequest request, SetupObserver observer) {
        long begun = timing.nanoTime();
        return contexts.alone(request.pair(), "start", observer, context -> {
            List<PlannedTable> all = bring(context, request);
            boolean wayBack = new WayBack(context)
                    .prepare(replicated(all), StartChecks.facts(context).viaRoot());
            return new StartResult(all, context.names().main(), wayBack, Duration.ofNanos(timing.nanoTime() - begun));
        });
    }

    private List<PlannedTable> bring(ReplicationContext context, StartRequest request) throws ServerException {
        StartChecks checks = new StartChecks(context);
        StartChecks.requireTwo(context);
        SourceFacts facts = StartChecks.facts(context);
        List<PlannedTable> all = checks.settle(request, facts);
        if (request.comparesSchemas()) {
            checks.requireSameSchema();
        }
        List<PlannedTable> sliced =
                all.stream().filter(each -> each.method() == CopyMethod.SLICES).toList();
        List<SlicedTables.Slice> slices = SlicedTables.of(context, sliced);
        new ExistingReplicationChecks(context, commands).require(request.pair(), all, slices);
        checks.requireRights(request.pair(), replicated(all), feeds(context, slices), request.login());
        talkOf(context, all);
        StartChecks.tellWhoWrites(context);
        StartChecks.tellOfTriggers(context);
        carryOut(context, request, facts, all, slices, new CopyFailureCause(context, reasons, request.pair()));
        return all;
    }

    private static void carryOut(
            ReplicationContext context,
            StartRequest request,
            SourceFacts facts,
            List<PlannedTable> all,
            List<SlicedTables.Slice> slices,
            CopyFailureCause cause)
            throws ServerException {
        String main = context.names().main();
        List<PlannedTable> whole = all.stream()
                .filter(each -> each.method() == CopyMethod.COPY || each.method() == CopyMethod.BACKFILL)
                .toList();
        SubscriberLogin login = StartChecks.untimed(context, request.login());
        PressureGate gate = new PressureGate(context, request.limits());
        CopyWatch watch = new CopyWatch(context, whole.size() + slices.size(), cause);
        new TargetRows(context).requireNoneBefore(all);
        new Feed(context, login).ensure(main, source -> source.publications().create(main, facts.viaRoot(), BOUND));
        new WholeTables(context, gate, watch).bring(whole);
        new SlicedTables(context, gate, watch, login, facts.viaRoot()).bring(slices);
    }

    private static void talkOf(ReplicationContext context, List<PlannedTable> all) {
        replicated(all).stream().filter(each -> !each.note().isEmpty()).forEach(each -> context.observer()
                .warn(each.name() + ": " + each.note()));
    }

    private static List<PlannedTable> replicated(List<PlannedTable> all) {
        return all.stream()
                .filter(each -> each.method() != CopyMethod.LEAVE_OUT)
                .toList();
    }

    private static List<String> feeds(ReplicationContext context, List<SlicedTables.Slice> slices) {
        List<String> feeds = new ArrayList<>(List.of(context.names().main()));
        slices.forEach(each -> feeds.add(each.feed()));
        return feeds;
    }

    /**
     * What to start.
     *
     * @param pair the two servers
     * @param plan how each table is replicated
     * @param login the login of the target to the source
     * @param limits the limits above which the next table waits
     * @param comparesSchemas whether different schemas are refused
     */
    public record StartRequest(
            ServerPair pair, PlanFile plan, SubscriberLogin login, PressureLimits limits, boolean comparesSchemas) {}

    /**
     * What follows now.
     *
     * @param tables the tables of the plan, in its order
     * @param name the name of publication, slot and subscription; those of slices begin with it
     * @param wayBack whether the publication for the way back exists
     * @param took how long it took
     */
    public record StartResult(List<PlannedTable> tables, String name, boolean wayBack, Duration took) {
        public StartResult {
            tables = List.copyOf(tables);
        }
    }

    /**
     * The limits above which the next table waits.
     *
     * @param retained how much WAL slots may keep on the source
     * @param transactionAge how old the source's oldest transaction may be
     */
    public record PressureLimits(ByteSize retained, Duration transactionAge) {
        /** 20 GB and an hour. */
        public static final PressureLimits USUAL = new PressureLimits(ByteSize.parse("20GB"), Duration.ofHours(1));

        /** What exceeds a limit, in words; empty if nothing does. */
        public Optional<String> exceededBy(Pressure pressure) {
            if (pressure.retained() > retained.bytes()) {
                return Optional.of("slot " + pressure.slot() + " keeps " + ByteSize.text(pressure.retained())
                        + " of WAL on the source, and --max-retained-wal is " + retained);
            }
            if (pressure.oldest().compareTo(transactionAge) > 0) {
                return Optional.of("a transaction of " + pressure.owner() + " on the source is "
                        + Durations.text(pressure.oldest()) + " old, and --max-transaction-age is "
                        + Durations.text(transactionAge));
            }
            return Optional.empty();
        }
    }
}
