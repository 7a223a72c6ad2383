package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Drafts the phases of one name, with commitments to what may follow. No I/O; for the coordinator's thread. */
final class NamePhases {
    private final GroupMember member;
    private final RunOptions options;
    private final Optional<Endpoint> signalServer;
    private final RunSecrets secrets;
    /** Every phase that this coordinator drafted, including those of unknown outcome. */
    private final List<VersionedSettings> sent = new ArrayList<>();

    /** {@code signalServer} as {@link dev.connectionregistry.admin.cutover.RunSpec#signalServer}. */
    NamePhases(GroupMember member, RunOptions options, Optional<Endpoint> signalServer) {
        this.member = member;
        this.options = options;
        this.signalServer = signalServer;
        this.secrets = new RunSecrets(member, options.signals());
    }

    /**
     * A version to be written.
     *
     * @param announcement what may be announced once the registry has confirmed it; empty if instances can only read it
     */
    record Draft(GroupMember member, VersionedSettings next, Optional<Announcement> announcement) {}

    GroupMember member() {
        return member;
    }

    Draft prepare(VersionedSettings current, Change change) {
        Transition transition =
                transition(Transition.Phase.PREPARE, current).committedTo(secrets.forPrepare(current.version() + 1));
        return sent(current.nextIn(transition, change), Optional.empty());
    }

    Draft hold(VersionedSettings current, Change change) {
        long version = current.version() + 1;
        boolean committed =
                isOurs(current) && secrets.announcement(Kind.HOLD, version).isPresent();
        Transition hold = transition(Transition.Phase.HOLD, current)
                .committedTo(committed ? current.transition().orElseThrow().commitments() : secrets.forHold(version));
        return announced(Kind.HOLD, hold, current, change);
    }

    /** The switch, or the undo. */
    Draft steady(Kind kind, VersionedSettings current, Change change) {
        return announced(kind, transition(Transition.Phase.HOLD, current), current, change);
    }

    private Transition transition(Transition.Phase phase, VersionedSettings current) {
        Transition usual =
                member.transition(phase, current.settings(), options.times().holdBudget());
        return signalServer.map(usual::signalledOver).orElse(usual);
    }

    private Draft announced(Kind kind, Transition transition, VersionedSettings current, Change change) {
        long version = current.version() + 1;
        AnnouncedContent content = AnnouncedContent.of(kind, version, current.settings(), transition);
        VersionedSettings next = content.transition()
                .map(phase -> current.nextIn(phase, change))
                .orElseGet(() -> current.next(content.settings(), change));
        return sent(next, isOurs(current) ? secrets.announcement(kind, version) : Optional.empty());
    }

    private Draft sent(VersionedSettings next, Optional<Announcement> announcement) {
        sent.add(next);
        return new Draft(member, next, announcement);
    }

    /** An instance derives the announced content from the version before it, so that one must be ours as well. */
    private boolean isOurs(VersionedSettings current) {
        return sent.stream()
                .anyMatch(each -> each.version() == current.version()
                        && each.settings().equals(current.settings())
                        && each.transition().equals(current.transition()));
    }
}
