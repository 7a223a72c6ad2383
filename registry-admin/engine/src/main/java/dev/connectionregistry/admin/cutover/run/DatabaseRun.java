package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.decision.RunState;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceProof;
import dev.connectionregistry.admin.cutover.journal.RunRecord.PostgresDatabase;
import dev.connectionregistry.admin.replication.CountChoice;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of the Postgres databases that a run leaves, with everything that is done once for it and not for each of its
 * names: sessions, fence, proof, and the comparison with the target (docs/adr/0038). Owned and closed by the run. For
 * one thread at a time; several of them work side by side.
 */
public final class DatabaseRun {
    private final CutoverRun run;
    private final List<GroupMember> members;
    private final RunServers servers;
    private final List<ReaderRun> readers;
    private Optional<FenceProof> proof = Optional.empty();
    private Optional<CountChoice> counting = Optional.empty();
    private Optional<List<String>> checkedSchema = Optional.empty();

    DatabaseRun(CutoverRun run, List<GroupMember> members, RunServers servers, List<ReaderRun> readers) {
        this.run = run;
        this.members = List.copyOf(members);
        this.servers = servers;
        this.readers = List.copyOf(readers);
    }

    /** The whole run. */
    public CutoverRun run() {
        return run;
    }

    /** The names of this Postgres database that the run moves. */
    public List<GroupMember> members() {
        return members;
    }

    /** The first of them, whose login is used where only one is needed. */
    public GroupMember lead() {
        return members.get(0);
    }

    /** The sessions on the two servers. */
    public RunServers servers() {
        return servers;
    }

    /** The names that read from standbys of this Postgres database. */
    public List<ReaderRun> readers() {
        return readers;
    }

    /** Ends the statements that are under way on all its sessions, which then fail; from any thread. */
    void cancel() {
        servers.cancel();
        readers.forEach(ReaderRun::cancel);
    }

    /** As {@link CutoverRun#endQuestions}. */
    void endQuestions() {
        servers.endQuestions();
        readers.forEach(ReaderRun::endQuestions);
    }

    /** Closes its sessions. */
    void close() {
        servers.close();
        readers.forEach(ReaderRun::close);
    }

    /** What is to be done. */
    public RunSpec spec() {
        return run.spec();
    }

    /** What the operator chose. */
    public RunOptions options() {
        return run.options();
    }

    /** The clocks, and the operator's stop. */
    public Timing timing() {
        return run.timing();
    }

    /** The time for which callers may wait. */
    public HoldClock hold() {
        return run.hold();
    }

    /** What is known of the run. */
    public RunState state() {
        return run.state();
    }

    /** As {@link CutoverRun#within}. */
    public Duration within(Duration usual) {
        return run.within(usual);
    }

    /** As {@link CutoverRun#warn}. */
    public void warn(String text) {
        run.warn(text);
    }

    /** What is written down of it. */
    public PostgresDatabase record() {
        return run.journal().record().database(lead().name());
    }

    /** The slot for the way back; empty if none was asked for. */
    public Optional<String> reverseSlot() {
        return run.journal().record().reverseSlot(lead().name());
    }

    /**
     * Verifies that both servers are those that were checked, if they were: neither a promoted standby, which may lack
     * rows, slots and the fence, nor the same server after a restart, with other sessions.
     *
     * @throws StepFailure naming the one that is a different server
     */
    public void requireSameServers() throws StepFailure {
        for (Compared each : identities()) {
            if (each.isAnother()) {
                throw StepFailure.failed(each.toString());
            }
        }
    }

    /**
     * Asks the target, over the session that compares it, whether it is still the primary that it was when that session
     * began, and verifies that it is the one that was checked.
     *
     * @return which server it is
     * @throws StepFailure naming it, if it is a different one
     * @throws ServerException if it was restarted, or isn't the primary any more
     */
    public PostgresIdentity requireSameTarget(Duration bound) throws StepFailure, ServerException {
        TargetServer target = servers.target(bound);
        target.requireStill(bound);
        requireSameServers();
        return target.identity();
    }

    /**
     * Warns the operator if the source is not the server that was checked, such as after a failover: the undo works on
     * the current one.
     */
    public void warnOfAnotherSource() throws StepFailure {
        Compared source =
                new Compared("source", record().source(), servers.source().identity());
        if (source.isAnother()) {
            warn(source + "; the run can only be undone, and the undo looks for its fence there");
        }
    }

    private record Compared(String which, Optional<PostgresIdentity> checked, PostgresIdentity now) {
        private boolean isAnother() {
            return checked.isPresent() && !checked.get().isStill(now);
        }

        @Override
        public String toString() {
            return "the " + which + " is not the one that was checked: it was "
                    + checked.map(PostgresIdentity::toString).orElse("unknown") + ", now it is " + now;
        }
    }

    private List<Compared> identities() throws StepFailure {
        PostgresDatabase known = record();
        List<Compared> all = new ArrayList<>();
        servers.targets().forEach(each -> all.add(new Compared("target", known.target(), each.identity())));
        all.add(new Compared("source", known.source(), servers.source().identity()));
        return all;
    }

    /** Writes down which servers these are, and how the fence goes up and down. */
    public void note(PostgresIdentity source, PostgresIdentity target, FencePlan plan) {
        run.journal().identities(lead().name(), source, target);
        note(plan);
    }

    /** Writes down how the fence goes up and down. */
    public void note(FencePlan plan) {
        run.journal().fence(lead().name(), plan);
    }

    /** Keeps the proof that the fence holds. */
    public void prove(FenceProof what) {
        proof = Optional.of(what);
    }

    /**
     * The proof that the fence holds.
     *
     * @throws StepFailure if this coordinator hasn't asked for it
     */
    public FenceProof proof() throws StepFailure {
        return proof.orElseThrow(() -> StepFailure.failed("nothing proves that the fence holds"));
    }

    /** Keeps which tables are counted in the hold. */
    public void counting(CountChoice choice) {
        counting = Optional.of(choice);
    }

    /**
     * Which tables are counted in the hold without being asked; empty before the checks, which a coordinator that takes
     * over may have skipped.
     */
    public Optional<CountChoice> counting() {
        return counting;
    }

    /** Keeps the schema that source and target had at the check. */
    public void checkedSchema(List<String> lines) {
        checkedSchema = Optional.of(lines);
    }

    /** The schema that source and target had at the check; empty in a run that was taken over after the check. */
    public Optional<List<String>> checkedSchema() {
        return checkedSchema;
    }

    /** Does something for one Postgres database. */
    @FunctionalInterface
    public interface Work<T> {
        T on(DatabaseRun database) throws StepFailure, ServerException, InterruptedException;
    }
}
