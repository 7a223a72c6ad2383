package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The secrets with which one coordinator announces the versions that it may write. They are only in the memory of this
 * process: a coordinator that takes over makes its own. {@link #toString} doesn't reveal them. Not thread-safe.
 */
final class RunSecrets {
    private final GroupMember member;
    private final boolean signals;
    private final Map<Announced, CommittedSecret> secrets = new HashMap<>();

    /** Secrets for one name; without {@code signals} there are none. */
    RunSecrets(GroupMember member, boolean signals) {
        this.member = member;
        this.signals = signals;
    }

    private record Announced(Kind kind, long version) {}

    /** Makes the secrets of every version that may follow a PREPARE of this version, and forgets earlier ones. */
    List<Commitment> forPrepare(long version) {
        return only(
                new Announced(Kind.HOLD, version + 1),
                new Announced(Kind.UNDO, version + 1),
                new Announced(Kind.SWITCH, version + 2),
                new Announced(Kind.UNDO, version + 2));
    }

    /** Makes the secrets of every version that may follow a HOLD of this version, and forgets earlier ones. */
    List<Commitment> forHold(long version) {
        return only(new Announced(Kind.SWITCH, version + 1), new Announced(Kind.UNDO, version + 1));
    }

    /** A run without signals reveals nothing, so it commits itself to nothing. */
    private List<Commitment> only(Announced... all) {
        secrets.clear();
        if (!signals) {
            return List.of();
        }
        return List.of(all).stream().map(this::commitTo).toList();
    }

    private Commitment commitTo(Announced what) {
        CommittedSecret secret = CommittedSecret.random();
        secrets.put(what, secret);
        return secret.commitTo(member.name(), member.transitionId(), what.kind(), what.version());
    }

    /** The announcement of that version; empty if no instance could check it. */
    Optional<Announcement> announcement(Kind kind, long version) {
        return Optional.ofNullable(secrets.get(new Announced(kind, version)))
                .map(secret -> new Announcement(kind, version, secret));
    }

    @Override
    public String toString() {
        return secrets.size() + " secrets";
    }
}
