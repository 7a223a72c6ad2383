package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a version of the settings can say in the one cutover that is explored. */
enum Content {
    /** Steady, on the source. */
    SOURCE(0),
    /** The source, and a cutover to the target is being prepared. */
    PREPARE(1),
    /** The source, and nothing is handed out. */
    HOLD(2),
    /** Steady, on the target. */
    TARGET(3);

    static final String CUTOVER = "c-1";
    static final ConnectionSettings ON_SOURCE = on("old");
    static final ConnectionSettings ON_TARGET = on("new");

    private static final Content[] ALL = values();
    private static final DatabaseName DATABASE = new DatabaseName("orders");
    private static final Transition TRANSITION =
            new Transition(CUTOVER, Transition.Phase.PREPARE, ON_TARGET, Duration.ofSeconds(5));

    private final int code;

    Content(int code) {
        this.code = code;
    }

    static Content of(int code) {
        return ALL[code];
    }

    /** As it stands in a {@link World}. */
    int code() {
        return code;
    }

    private static ConnectionSettings on(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    boolean isTransition() {
        return this == PREPARE || this == HOLD;
    }

    /** What the registry answers while this stands as that version. */
    ReadResult.Found as(long version) {
        return new ReadResult.Found(new VersionedSettings(
                DATABASE,
                version,
                this == TARGET ? ON_TARGET : ON_SOURCE,
                new Change("op", Instant.EPOCH, ""),
                false,
                Optional.ofNullable(transition()),
                Map.of()));
    }

    private @Nullable Transition transition() {
        return switch (this) {
            case SOURCE, TARGET -> null;
            case PREPARE -> TRANSITION;
            case HOLD -> TRANSITION.in(Transition.Phase.HOLD);
        };
    }
}
