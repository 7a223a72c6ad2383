package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes a run's phases into the settings, always as the version after the one that the run last read or wrote. Only a write that the
 * registry has confirmed returns an announcement, so no secret is revealed without one. For the
 * coordinator's thread; every method throws as {@link RunRegistry#write(VersionedSettings)}.
 */
public final class RunPhases {
    private final RunSpec spec;
    private final RunRegistry registry;
    private final RunSecrets secrets;
    /** Every phase that this coordinator has sent, also those of unknown outcome. */
    private final List<VersionedSettings> sent = new ArrayList<>();

    RunPhases(RunSpec spec, RunRegistry registry) {
        this.spec = spec;
        this.registry = registry;
        this.secrets = new RunSecrets(spec);
    }

    /**
     * A phase that this coordinator wrote, and that the registry confirmed.
     *
     * @param version its version
     * @param announcement announces it to the instances; empty if they can only read it
     */
    public record Written(long version, Optional<Announcement> announcement) {}

    /** Asks the fleet to prepare. */
    public Written prepare() throws StepFailure {
        VersionedSettings current = registry.current();
        Transition transition = spec.transition(Transition.Phase.PREPARE, current.settings())
                .committedTo(secrets.forPrepare(current.version() + 1));
        VersionedSettings next =
                current.nextIn(transition, registry.sign(transition.phase().toString()));
        sent.add(next);
        return new Written(registry.write(next).version(), Optional.empty());
    }

    /**
     * Asks the fleet to hold. After a phase of another coordinator, whose secrets are unknown here, it makes new commitments.
     *
     * @param bound how long to wait for the registry
     * @throws RegistryException {@code OUTCOME_UNKNOWN} without an answer in time
     */
    public Written hold(Duration bound) throws StepFailure {
        VersionedSettings current = registry.current();
        long version = current.version() + 1;
        Transition transition = spec.transition(Transition.Phase.HOLD, current.settings());
        boolean committed =
                isOurs(current) && secrets.announcement(Kind.HOLD, version).isPresent();
        Transition before = committed
                ? transition.committedTo(current.transition().orElseThrow().commitments())
                : transition.committedTo(secrets.forHold(version));
        return write(Kind.HOLD, before, Transition.Phase.HOLD.toString(), Optional.of(bound));
    }

    /** Makes the target's settings the current ones; as {@link #hold}. */
    public Written switchOver(Duration bound) throws StepFailure {
        Transition transition =
                spec.transition(Transition.Phase.HOLD, registry.current().settings());
        return write(Kind.SWITCH, transition, "switch", Optional.of(bound));
    }

    /** Makes the source's settings steady again. */
    public Written undo() throws StepFailure {
        Transition transition =
                spec.transition(Transition.Phase.HOLD, registry.current().settings());
        return write(Kind.UNDO, transition, "withdrawn", Optional.empty());
    }

    private Written write(Kind kind, Transition transition, String why, Optional<Duration> bound) throws StepFailure {
        VersionedSettings current = registry.current();
        long version = current.version() + 1;
        AnnouncedContent content = AnnouncedContent.of(kind, version, current.settings(), transition);
        VersionedSettings next = content.transition()
                .map(phase -> current.nextIn(phase, registry.sign(why)))
                .orElseGet(() -> current.next(content.settings(), registry.sign(why)));
        boolean follows = isOurs(current);
        sent.add(next);
        VersionedSettings written = bound.isPresent() ? registry.write(next, bound.get()) : registry.write(next);
        return new Written(written.version(), follows ? secrets.announcement(kind, version) : Optional.empty());
    }

    /** An instance derives the announced content from the version before it, so that one must be ours as well. */
    private boolean isOurs(VersionedSettings current) {
        return sent.stream()
                .anyMatch(each -> each.version() == current.version()
                        && each.settings().equals(current.settings())
                        && each.transition().equals(current.transition()));
    }
}
