package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.explore.Writer.Server;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a version of the settings can say in the cutovers that are explored. */
enum Content {
    /** Steady, where it all begins. */
    OLD(0, Server.OLD),
    /** Steady, on the target of the first cutover. */
    NEW(1, Server.NEW),
    /** Steady, on the target of the second cutover. */
    THIRD(2, Server.THIRD),
    /** The source, and a cutover to the target is being prepared. */
    PREPARE(3, Writer.FIRST, Phase.PREPARE),
    /** The source, and nothing is handed out. */
    HOLD(4, Writer.FIRST, Phase.HOLD),
    PREPARE_BY_SUCCESSOR(5, Writer.SUCCESSOR, Phase.PREPARE),
    HOLD_BY_SUCCESSOR(6, Writer.SUCCESSOR, Phase.HOLD),
    PREPARE_AFTER_UNDO(7, Writer.AFTER_UNDO, Phase.PREPARE),
    HOLD_AFTER_UNDO(8, Writer.AFTER_UNDO, Phase.HOLD),
    PREPARE_AFTER_SWITCH(9, Writer.AFTER_SWITCH, Phase.PREPARE),
    HOLD_AFTER_SWITCH(10, Writer.AFTER_SWITCH, Phase.HOLD),
    /** The first of two names is switched and the second is not; only where a rule is left out. */
    HALF_SWITCHED(11, Writer.FIRST, Phase.HOLD);

    private static final Content[] ALL = values();
    /** How many there are. */
    static final int COUNT = ALL.length;

    private final int code;
    private final Server server;
    private final @Nullable Writer writer;
    private final @Nullable Phase phase;

    Content(int code, Server server) {
        this.code = code;
        this.server = server;
        this.writer = null;
        this.phase = null;
    }

    Content(int code, Writer writer, Phase phase) {
        this.code = code;
        this.server = writer.source();
        this.writer = writer;
        this.phase = phase;
    }

    static Content of(int code) {
        return ALL[code];
    }

    /** Steady on this server. */
    static Content on(Server server) {
        return switch (server) {
            case OLD -> OLD;
            case NEW -> NEW;
            case THIRD -> THIRD;
        };
    }

    /** What this coordinator writes as this phase. */
    static Content of(Writer writer, Phase phase) {
        for (Content content : ALL) {
            if (content.writer == writer && content.phase == phase) {
                return content;
            }
        }
        throw new AssertionError(writer + " " + phase);
    }

    /** As it stands in a {@link World}. */
    int code() {
        return code;
    }

    /** What the name of an instance says; all names say the same unless a rule is left out. */
    Content forInstance(int i) {
        if (this != HALF_SWITCHED) {
            return this;
        }
        return i == 0 ? NEW : HOLD;
    }

    boolean isTransition() {
        return writer != null;
    }

    boolean isPrepare() {
        return phase == Phase.PREPARE;
    }

    boolean isHold() {
        return phase == Phase.HOLD;
    }

    /** Where callers are sent. */
    Server server() {
        return server;
    }

    /** Whose secrets the commitments in it are about; null if it has none. */
    @Nullable
    Writer writer() {
        return writer;
    }

    /** What the registry answers while this stands as that version. */
    ReadResult.Found as(int version) {
        return new ReadResult.Found(new VersionedSettings(
                Secret.DATABASE,
                version,
                server.settings(),
                new Change("op", Instant.EPOCH, ""),
                false,
                Optional.ofNullable(transition(version)),
                Map.of()));
    }

    private @Nullable Transition transition(int version) {
        return writer == null || phase == null ? null : writer.transition(phase, version);
    }
}
