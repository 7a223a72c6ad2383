package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.run.NamePhases.Draft;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Writes a run's phases into the settings of all its names, in one transaction, always as the versions after those that
 * the run last read or wrote. Only a write that the registry has confirmed returns announcements, so no secret is
 * revealed without a confirmed write. For the coordinator's thread; every method throws as
 * {@link RunRegistry#write(List)}.
 */
public final class RunPhases {
    private final RunRegistry registry;
    private final RunOptions options;
    private final List<NamePhases> names;

    RunPhases(RunSpec spec, RunRegistry registry) {
        this.registry = registry;
        this.options = spec.options();
        this.names = spec.members().stream()
                .map(each -> new NamePhases(each, spec.options(), spec.signalServer(each)))
                .toList();
    }

    /**
     * A phase that this coordinator wrote, and that the registry confirmed.
     *
     * @param member the name whose settings carry it
     * @param version its version
     * @param announcement announces it to the instances; empty if they can only read it
     */
    public record Written(GroupMember member, long version, Optional<Announcement> announcement) {}

    /** Asks the fleets to prepare. */
    public List<Written> prepare() throws StepFailure {
        Change change = registry.sign(Transition.Phase.PREPARE.toString());
        return write(drafts(each -> each.prepare(current(each), change)), Optional.empty());
    }

    /**
     * Asks the fleets to hold. After a phase of another coordinator, whose secrets are unknown here, it makes new
     * commitments.
     *
     * @param bound how long to wait for the registry
     * @throws RegistryException {@code OUTCOME_UNKNOWN} if there is no answer in time
     */
    public List<Written> hold(Duration bound) throws StepFailure {
        Change change = registry.sign(Transition.Phase.HOLD.toString());
        return write(drafts(each -> each.hold(current(each), change)), Optional.of(bound));
    }

    /** Makes the target's settings the current ones; as {@link #hold}. */
    public List<Written> switchOver(Duration bound) throws StepFailure {
        Change change = registry.sign("switch");
        return write(drafts(each -> each.steady(Kind.SWITCH, current(each), change)), Optional.of(bound));
    }

    /** Makes the source's settings of these names steady again. */
    public List<Written> undo(List<GroupMember> members) throws StepFailure {
        Change change = registry.sign("withdrawn");
        List<Draft> drafts = names.stream()
                .filter(each -> members.contains(each.member()))
                .map(each -> each.steady(Kind.UNDO, current(each), change))
                .toList();
        return write(drafts, Optional.empty());
    }

    /**
     * Drafts all phases once, with secrets of its own, before callers wait for them; sends and keeps nothing. A JVM takes more than ten
     * milliseconds to link that code.
     */
    public void practise() {
        Change change = registry.sign("practice");
        for (NamePhases name : names) {
            NamePhases practice = new NamePhases(name.member(), options, Optional.empty());
            VersionedSettings prepared = practice.prepare(current(name), change).next();
            VersionedSettings held = practice.hold(prepared, change).next();
            practice.steady(Kind.UNDO, held, change);
            practice.steady(Kind.SWITCH, held, change).announcement().ifPresent(Announcement::text);
        }
    }

    private List<Draft> drafts(Function<NamePhases, Draft> phase) {
        return names.stream().map(phase).toList();
    }

    private VersionedSettings current(NamePhases name) {
        return registry.current(name.member().name());
    }

    private List<Written> write(List<Draft> drafts, Optional<Duration> bound) throws StepFailure {
        List<VersionedSettings> next = drafts.stream().map(Draft::next).toList();
        if (bound.isPresent()) {
            registry.write(next, bound.get());
        } else {
            registry.write(next);
        }
        return drafts.stream()
                .map(each -> new Written(each.member(), each.next().version(), each.announcement()))
                .toList();
    }
}
