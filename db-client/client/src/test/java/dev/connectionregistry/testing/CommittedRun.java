package dev.connectionregistry.testing;

import dev.connectionregistry.core.internal.signal.AnnouncedContent;
import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The secrets of a cutover of {@code orders} whose next version is a HOLD, and the one after that a switch or an undo. */
public final class CommittedRun {
    /** Who writes its versions. */
    public static final Change CHANGE = new Change("op", Instant.EPOCH, "");

    private static final DatabaseName ORDERS = new DatabaseName("orders");

    private final String id;
    private final long hold;
    private final Map<Kind, CommittedSecret> secrets = new EnumMap<>(Kind.class);

    /** A cutover whose PREPARE is this version. */
    public CommittedRun(String id, long prepare) {
        this.id = id;
        hold = prepare + 1;
        Stream.of(Kind.values()).forEach(kind -> secrets.put(kind, CommittedSecret.random()));
    }

    /** The transition of its PREPARE. */
    public Transition prepare(ConnectionSettings target, Duration holdBudget) {
        return new Transition(
                id,
                Transition.Phase.PREPARE,
                target,
                holdBudget,
                List.of(Kind.values()).stream()
                        .map(kind -> secret(kind).commitTo(ORDERS, id, kind, version(kind)))
                        .toList());
    }

    /** The secret for this version. */
    public CommittedSecret secret(Kind kind) {
        return Objects.requireNonNull(secrets.get(kind));
    }

    /** The version that says this. */
    public long version(Kind kind) {
        return kind == Kind.HOLD ? hold : hold + 1;
    }

    /** What proves that version. */
    public Announcement announcement(Kind kind) {
        return new Announcement(kind, version(kind), secret(kind));
    }

    /** That version, as the coordinator writes it after {@code before}. */
    public VersionedSettings after(VersionedSettings before, Kind kind) {
        AnnouncedContent content = AnnouncedContent.of(
                kind,
                before.version() + 1,
                before.settings(),
                before.transition().orElseThrow());
        return content.transition()
                .map(transition -> before.nextIn(transition, CHANGE))
                .orElseGet(() -> before.next(content.settings(), CHANGE));
    }
}
