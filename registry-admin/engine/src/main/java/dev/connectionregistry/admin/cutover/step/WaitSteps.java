package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.run.FleetWait.Judge;
import dev.connectionregistry.admin.cutover.run.FleetWait.Wait;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.cutover.step.StepAction.Evidence;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.registry.RegistryException;
import java.time.Duration;
import java.util.List;

/**
 * The waits for the fleet. An instance that falls silent ends those before the switch; after it the run keeps waiting.
 */
final class WaitSteps {
    private static final Duration CALM = Duration.ofMillis(200);
    private static final Duration QUICK = Duration.ofMillis(20);
    /** The same with signals: an earlier second look would only delay instances that work without them. */
    private static final Duration SIGNALLED = Duration.ofMillis(60);

    /**
     * Instances that a signal released report half a second to one and a half seconds later, when their callers have
     * caught up. Only this run waits for that.
     */
    private static final Duration FIRST_REPORTS = Duration.ofMillis(400);

    private static final Duration BETWEEN_REPORTS = Duration.ofMillis(100);
    private static final Duration AFTERWARDS = Duration.ofSeconds(30);

    private WaitSteps() {}

    static List<StepAction> all() {
        return List.of(
                new StepAction(Step.AWAIT_READY, "wait until every instance is ready", AFTERWARDS, WaitSteps::ready),
                new StepAction(Step.AWAIT_HELD, "wait until every instance holds", AFTERWARDS, WaitSteps::held),
                new StepAction(
                        Step.AWAIT_ACTIVE,
                        "wait until every instance reports from the target",
                        AFTERWARDS,
                        WaitSteps::active),
                new StepAction(
                        Step.AWAIT_BACK,
                        "wait until every instance reports from the source",
                        AFTERWARDS,
                        WaitSteps::back));
    }

    private static Evidence ready(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        Duration limit = run.options().times().prepareTimeout();
        Evidence everyone = await(
                run,
                new Wait(
                        FleetGoal.Kind.READY,
                        limit,
                        Duration.ZERO,
                        CALM,
                        run.heedsStop(),
                        true,
                        new RejectionWatch(name -> run.registry().current(name).version())));
        if (run.options().times().needsSignals()) {
            SignalReach.require(run);
        }
        List<String> before = run.eachDatabase(database -> CatchUpSteps.before(database, limit));
        practise(run);
        String more = run.perDatabase(before);
        return Evidence.of(everyone.text() + (more.isEmpty() ? "" : "; " + more));
    }

    /** Asks the registry what the hold will ask; the journal is written the same way as the settings will be. */
    private static void practise(CutoverRun run) throws StepFailure, ServerException, InterruptedException {
        try {
            Practice.repeat(run.timing(), () -> {
                run.fleet().practise();
                run.phases().practise();
                return run.journal().flush().isEmpty(); // HOLD flushes again, and says what is wrong
            });
        } catch (RegistryException e) {
            // nothing depends on it; the hold asks again and reports a failure
        }
    }

    private static Evidence held(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        for (DatabaseRun each : run.databases()) {
            TargetSchema.begin(each, bound);
        }
        Duration lead = run.signals().areOpen() ? SIGNALLED : QUICK;
        Duration limit = run.within(bound); // a run that was taken over in its hold may have had to log in first
        Evidence everyone = await(
                run, new Wait(FleetGoal.Kind.HELD, limit, lead, QUICK, run.heedsStop(), true, new Stragglers(run)));
        for (DatabaseRun each : run.databases()) {
            each.servers().requireNoFailure();
        }
        return everyone;
    }

    private static Evidence active(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        return letGo(run, FleetGoal.Kind.ACTIVE, bound);
    }

    private static Evidence back(CutoverRun run, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        return letGo(run, FleetGoal.Kind.SERVING, bound);
    }

    private static Evidence letGo(CutoverRun run, FleetGoal.Kind goal, Duration bound)
            throws StepFailure, ServerException, InterruptedException {
        AfterOneLook journal = new AfterOneLook(run.journal()::write);
        boolean signalled = run.signals().areOpen();
        return await(
                run,
                new Wait(
                        goal,
                        bound,
                        signalled ? FIRST_REPORTS : QUICK,
                        signalled ? BETWEEN_REPORTS : QUICK,
                        run.heedsStop(),
                        false,
                        journal));
    }

    /** Released instances read the registry now, so the journal is written after the first look. */
    private static final class AfterOneLook implements Judge {
        private final Runnable work;
        private boolean done;

        AfterOneLook(Runnable work) {
            this.work = work;
        }

        @Override
        public void judge(List<FleetMember> missing, Duration elapsed) {
            if (!done) {
                done = true;
                work.run();
            }
        }
    }

    private static Evidence await(CutoverRun run, Wait wait) throws StepFailure, ServerException, InterruptedException {
        FleetSnapshot fleet = run.fleet().await(wait);
        run.signals().settled();
        fleet.silent().forEach(member -> run.warn(member.title() + " is silent and was not waited for"));
        return Evidence.of(Plural.of(fleet.live().size(), "instance")
                + fleet.lastArrival()
                        .map(last -> ", the last after " + FleetEvents.seconds(last))
                        .orElse(""));
    }
}
