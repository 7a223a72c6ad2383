package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.CutoverObserver;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.journal.JournalWriter;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryAdministration;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Everything that the steps of one coordinator work with; owns and closes it. For the coordinator's thread. */
public final class CutoverRun implements AutoCloseable {
    /** The steps of the undo, and of the end, that ask a server. */
    private static final Set<Step> NEEDS_FREE_SERVERS =
            EnumSet.of(Step.TAKE_SERVER_LOCK, Step.LOWER_FENCE, Step.UNLOCK);

    private final RunSpec spec;
    private final Tools tools;
    private final CutoverObserver observer;
    private final RunRegistry registry;
    private final RunPhases phases;
    private final List<DatabaseRun> databases;
    private final RunSignals signals;
    private final Optional<JournalWriter> writer;
    private final RunJournal journal;
    private final FleetWait fleet;
    private final HoldClock hold;
    /** Guarded by itself. */
    private final List<String> warnings = new ArrayList<>();

    /** The work that the databases do one after the other, ahead of the steps; empty before it is begun. */
    private Optional<SideBySide<String>> ahead = Optional.empty();

    private volatile RunState state;

    /**
     * What a run is given; the run doesn't own it.
     *
     * @param settings the registry as operators see it
     * @param cutovers the registry as cutovers see it
     * @param servers makes sessions on the servers
     * @param timing the clocks, and the operator's stop
     * @param authorship signs what is written
     */
    public record Tools(
            RegistryAdministration settings,
            CutoverRegistry cutovers,
            CutoverServers servers,
            Timing timing,
            Authorship authorship) {}

    private CutoverRun(
            RunRecord record, Purpose purpose, Tools tools, CutoverObserver observer, Optional<JournalWriter> writer) {
        this.spec = record.spec();
        this.tools = tools;
        this.observer = observer;
        this.writer = writer;
        this.state = RunState.begin(purpose);
        this.registry = new RunRegistry(tools.settings(), tools.cutovers(), tools.authorship(), spec);
        this.phases = new RunPhases(spec, registry);
        this.databases = spec.databases().stream()
                .map(each -> new DatabaseRun(
                        this,
                        each,
                        new RunServers(tools.servers(), spec, each.get(0)),
                        ReaderRun.all(tools.servers(), spec, each)))
                .toList();
        this.signals = new RunSignals(tools.servers(), spec, tools.timing());
        this.hold = new HoldClock(tools.timing(), spec.options().times().holdBudget());
        this.journal = new RunJournal(writer, registry::held, hold::isOn, record);
        FleetWatcher watcher = new FleetWatcher(tools.settings(), tools.timing());
        this.fleet = new FleetWait(watcher, tools.timing(), spec, observer, signals, name -> registry.current(name)
                .version());
    }

    /** A run, new or taken over, that goes on from what its journal says. */
    public static CutoverRun of(RunRecord record, Purpose purpose, Tools tools, CutoverObserver observer) {
        JournalWriter writer = new JournalWriter(tools.cutovers());
        CutoverRun run = new CutoverRun(record, purpose, tools, observer, Optional.of(writer));
        String as = purpose.takesOver() ? " (" + purpose.name().toLowerCase(java.util.Locale.ROOT) + ")" : "";
        run.journal.coordinator(run.by() + as);
        if (purpose.takesOver()) {
            run.journal.behind();
        }
        return run;
    }

    /** A run that only looks: it never has the lock, and writes no journal. */
    public static CutoverRun dry(RunSpec spec, Tools tools, CutoverObserver observer) {
        return new CutoverRun(RunRecord.of(spec), Purpose.CUTOVER, tools, observer, Optional.empty());
    }

    /** What is to be done. */
    public RunSpec spec() {
        return spec;
    }

    /** What the operator chose. */
    public RunOptions options() {
        return spec.options();
    }

    /** The clocks, and the operator's stop. */
    public Timing timing() {
        return tools.timing();
    }

    /** Who executes it in this process. */
    public String by() {
        return tools.authorship().by().get();
    }

    /** The registry under the lock. */
    public RunRegistry registry() {
        return registry;
    }

    /** The writes of the run's phases, and what announces them. */
    public RunPhases phases() {
        return phases;
    }

    /** The Postgres databases that are left. */
    public List<DatabaseRun> databases() {
        return databases;
    }

    /**
     * Does {@code work} for all Postgres databases in parallel; gives up when it fails for one.
     *
     * @return the result for each, in their order
     */
    public <T> List<T> eachDatabase(DatabaseRun.Work<T> work)
            throws StepFailure, ServerException, InterruptedException {
        return SideBySide.untilOneFails(databases, work);
    }

    /** The same, but if it fails for one, it is still done for the others. */
    public <T> List<T> everyDatabase(DatabaseRun.Work<T> work)
            throws StepFailure, ServerException, InterruptedException {
        return SideBySide.toTheEnd(databases, work);
    }

    /**
     * Waits until all Postgres databases have done one piece of their work; each does its pieces in order, without
     * waiting for the others. The first piece begins them all; if one fails, the others are given up and have ended.
     *
     * @return the result for each, in their order
     */
    public List<String> inTurn(List<DatabaseRun.Work<String>> pieces, int piece)
            throws StepFailure, ServerException, InterruptedException {
        if (piece == 0) {
            ahead = Optional.of(SideBySide.inTurn(databases, pieces));
        }
        return ahead.orElseThrow().await(piece);
    }

    /**
     * What {@code texts} say about each Postgres database, in their order; if there are several, with the first name in
     * front.
     */
    public String perDatabase(List<String> texts) {
        return databases.size() == 1
                ? texts.get(0)
                : IntStream.range(0, databases.size())
                        .filter(index -> !texts.get(index).isEmpty())
                        .mapToObj(index -> databases.get(index).lead().name() + ": " + texts.get(index))
                        .collect(Collectors.joining("; "));
    }

    /**
     * Takes the locks on all sources, in the order of the servers and their databases.
     *
     * @throws StepFailure if two names with different endpoints are on the same Postgres database
     */
    public void lockSources(boolean takeOver, Duration bound) throws StepFailure, ServerException {
        SourceLocks.take(databases, takeOver, bound);
    }

    /** Whether a session on a source is gone, as far as the servers can be asked. */
    public boolean isSourceLost() {
        return databases.stream().anyMatch(each -> each.servers().isSourceLost());
    }

    /** Ends the statements that are under way on all sessions, which then fail; from any thread. */
    public void cancel() {
        databases.forEach(DatabaseRun::cancel);
    }

    /**
     * Ends the work on the servers that still runs ahead of the steps or beside them: from now on none of it has an
     * effect.
     */
    public void endQuestions() {
        ahead.ifPresent(SideBySide::end);
        databases.forEach(DatabaseRun::endQuestions);
    }

    /** Gives up the sessions on the targets, so that the next use logs in again. */
    public void forgetTargets() {
        databases.forEach(each -> each.servers().forgetTarget());
    }

    /** What the coordinator and the instances say to each other beside the registry. */
    public RunSignals signals() {
        return signals;
    }

    /** What is written down. */
    public RunJournal journal() {
        return journal;
    }

    /** The waits for the fleet. */
    public FleetWait fleet() {
        return fleet;
    }

    /** The time for which callers may wait. */
    public HoldClock hold() {
        return hold;
    }

    /** What is known; it contains the step that runs now. */
    public RunState state() {
        return state;
    }

    /**
     * Goes on to another step. Work that was begun in the hold and hasn't finished has failed, or was given up with the
     * rest: it is ended before the undo begins, and before a step needs the servers for something else.
     */
    public void enter(RunState next) {
        if (next.isOver() || next.undoing() || NEEDS_FREE_SERVERS.contains(next.step())) {
            endQuestions();
        }
        state = next;
    }

    /**
     * Whether the operator may end the current step. Not before a coordinator that takes over knows what there is to
     * undo, so that a stop never leaves a fence up; not during an undo; not after the wait that follows the switch.
     */
    public boolean heedsStop() {
        boolean knows = !state.purpose().takesOver() || state.step().compareTo(Step.CHECK) >= 0;
        return knows && !state.undoing() && state.step().compareTo(Step.AWAIT_ACTIVE) <= 0;
    }

    /**
     * How long a step may take: {@code usual} while callers don't wait, such as before the write of HOLD; what is left
     * of the hold while they do.
     */
    public Duration within(Duration usual) {
        return hold.isOn() && state.step().isInHold() && !state.undoing() ? hold.rest() : usual;
    }

    /** Tells the operator something, and keeps it for the end. */
    public void warn(String text) {
        synchronized (warnings) {
            warnings.add(text);
            observer.warning(text);
        }
    }

    /** The warnings that the operator was given. */
    public List<String> warnings() {
        synchronized (warnings) {
            return List.copyOf(warnings);
        }
    }

    /** Closes the sessions and ends the journal's thread; nothing is undone. */
    @Override
    public void close() {
        try {
            signals.close();
            databases.forEach(DatabaseRun::close);
        } finally {
            writer.ifPresent(JournalWriter::close);
        }
    }
}
