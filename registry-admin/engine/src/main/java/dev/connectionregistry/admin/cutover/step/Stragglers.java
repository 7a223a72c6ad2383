package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.SourceServer.ClientSession;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.FleetWait;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Decides what happens to stragglers when the grace is over: the run gives up and names them, or, if the operator said
 * so, their transactions are ended on the server, once, and the wait goes on.
 */
final class Stragglers implements FleetWait.Judge {
    /** How much of an application name Postgres keeps; clients shorten longer ones. */
    private static final int APPLICATION_NAME = 63;

    private static final int NAMED = 10;

    private final CutoverRun run;
    private boolean cancelled;

    Stragglers(CutoverRun run) {
        this.run = run;
    }

    @Override
    public void judge(List<FleetMember> missing, Duration elapsed) throws StepFailure, ServerException {
        Duration grace = run.options().times().grace();
        Duration inHold = run.hold().budget().minus(run.hold().rest());
        if (cancelled || inHold.compareTo(grace) < 0) {
            return;
        }
        Map<DatabaseRun, List<ClientSession>> everywhere = busy();
        List<ClientSession> busy =
                everywhere.values().stream().flatMap(List::stream).toList();
        List<ClientSession> theirs =
                busy.stream().filter(session -> isOf(session, missing)).toList();
        if (!run.options().cancelStragglers()) {
            throw StepFailure.failed("not every instance released its connections within the grace"
                    + " of " + Durations.text(grace) + ": "
                    + FleetWait.missing(missing) + "; "
                    + (theirs.isEmpty()
                            ? noneOfTheirs(busy, missing.get(0))
                            : describe(theirs) + "; let it end first, or end it with --cancel-stragglers"));
        }
        cancelled = true;
        run.warn("ending " + Plural.of(theirs.size(), "transaction that outlasts", "transactions that outlast")
                + " the grace: " + describe(theirs));
        for (DatabaseRun each : run.databases()) {
            List<ClientSession> here = everywhere.getOrDefault(each, List.of()).stream()
                    .filter(theirs::contains)
                    .toList();
            if (run.databases().size() == 1 || !here.isEmpty()) {
                each.servers().source().endTransactions(here, run.hold().rest());
            }
        }
    }

    /** Without a transaction there is nothing to end: the instance keeps a connection, is slow, hangs, or is gone. */
    private static String noneOfTheirs(List<ClientSession> busy, FleetMember first) {
        return "none of their transactions is open on the source"
                + (busy.isEmpty() ? "" : " (but there are others: " + describe(busy) + ")")
                + "; "
                + (first.report().state() == InstanceState.HOLDING
                        ? "a connection is in use without a transaction; the code that borrowed it must return it"
                        : "if they are only slow, raise --grace; otherwise " + FleetWait.leaveOut(first));
    }

    private Map<DatabaseRun, List<ClientSession>> busy() throws StepFailure, ServerException {
        Map<DatabaseRun, List<ClientSession>> everywhere = new LinkedHashMap<>();
        for (DatabaseRun each : run.databases()) {
            List<ClientSession> sessions =
                    each
                            .servers()
                            .source()
                            .sessions(run.options().exemptRoles(), run.hold().rest())
                            .stream()
                            .filter(session -> !session.transactionAge().isZero())
                            .toList();
            everywhere.put(each, sessions);
        }
        return everywhere;
    }

    private static String describe(List<ClientSession> sessions) {
        return Plural.some(
                sessions.stream()
                        .map(session ->
                                "pid " + session.pid() + " of " + session.application() + " as " + session.role()
                                        + ", " + session.state() + ", transaction open for "
                                        + FleetEvents.seconds(session.transactionAge()))
                        .toList(),
                NAMED,
                ", ");
    }

    private static boolean isOf(ClientSession session, List<FleetMember> members) {
        return members.stream().anyMatch(member -> isNamed(session.application(), member));
    }

    /** A name that is too long keeps the beginning of the service and the end of the instance. */
    static boolean isNamed(String application, FleetMember member) {
        if (application.equals(member.name())) {
            return true;
        }
        int slash = application.indexOf('/');
        return member.name().length() > APPLICATION_NAME
                && application.length() == APPLICATION_NAME
                && slash > 0
                && member.report().service().startsWith(application.substring(0, slash))
                && member.report().instance().endsWith(application.substring(slash + 1));
    }
}
