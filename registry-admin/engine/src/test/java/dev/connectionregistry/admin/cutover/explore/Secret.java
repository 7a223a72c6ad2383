package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.core.internal.signal.Announcement;
import dev.connectionregistry.core.internal.signal.CommittedSecret;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.Commitment.Kind;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Transition.Phase;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The secret that a writer has for one version of one kind. Where it is known, the announcement of that version can be sent. */
record Secret(Writer writer, Kind kind, int version) {
    static final DatabaseName DATABASE = new DatabaseName("orders");
    private static final List<Kind> KINDS = List.of(Kind.values());
    /** More than the codes of all secrets for versions of a search. */
    static final int CODES = Writer.COUNT * KINDS.size() * Field.VERSIONS;

    private static final Map<String, Secret> BY_DIGEST = new HashMap<>();

    static {
        for (int version = 1; version < 2 * Field.VERSIONS; version++) {
            ofVersion(version)
                    .forEach(secret -> BY_DIGEST.put(secret.commitment().digest(), secret));
        }
    }

    /** All that anybody could have for a version. */
    static List<Secret> ofVersion(int version) {
        List<Secret> all = new ArrayList<>();
        for (Writer writer : Writer.values()) {
            for (Kind kind : KINDS) {
                all.add(new Secret(writer, kind, version));
            }
        }
        return all;
    }

    /** The one that fulfils this commitment; null if nobody's does within the bounds of a search. */
    static @Nullable Secret to(Commitment commitment) {
        return BY_DIGEST.get(commitment.digest());
    }

    /** Its place among {@link #CODES}. */
    int code() {
        return (version * Writer.COUNT + writer.code()) * KINDS.size() + code(kind);
    }

    static int code(Kind kind) {
        return KINDS.indexOf(kind);
    }

    static Kind kind(int code) {
        return KINDS.get(code);
    }

    /** The digest that a transition publishes. */
    Commitment commitment() {
        return bytes().commitTo(DATABASE, writer.run(), kind, version);
    }

    /** The signal that reveals it. */
    Announcement announcement() {
        return announcementAs(kind, version);
    }

    /** A signal that claims to announce something else with it. */
    Announcement announcementAs(Kind otherKind, int otherVersion) {
        return new Announcement(otherKind, otherVersion, bytes());
    }

    private CommittedSecret bytes() {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) writer.code();
        bytes[1] = (byte) code(kind);
        bytes[2] = (byte) version;
        return CommittedSecret.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes))
                .orElseThrow();
    }

    /** What the announced version says. */
    Content content() {
        return switch (kind) {
            case HOLD -> Content.of(writer, Phase.HOLD);
            case SWITCH -> Content.on(writer.target());
            case UNDO -> Content.on(writer.source());
        };
    }

    @Override
    public String toString() {
        return kind + " of version " + version + " by " + writer;
    }
}
