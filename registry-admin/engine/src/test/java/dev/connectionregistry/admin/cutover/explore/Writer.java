package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A coordinator as the author of versions: its cutover, and the secrets that it alone knows. */
enum Writer {
    /** Begins the first cutover. */
    FIRST(0, "c-1", Server.OLD, Server.NEW),
    /** Takes the first cutover over; doesn't know the secrets of {@link #FIRST}. */
    SUCCESSOR(1, "c-1", Server.OLD, Server.NEW),
    /** Begins another cutover when the first was undone. */
    AFTER_UNDO(2, "c-2", Server.OLD, Server.THIRD),
    /** Begins another cutover when the first has switched. */
    AFTER_SWITCH(3, "c-2", Server.NEW, Server.THIRD);

    /** A server that settings can name. Each is the target of a cutover from one before it only. */
    enum Server {
        OLD("old"),
        NEW("new"),
        THIRD("third");

        private final String host;

        Server(String host) {
            this.host = host;
        }

        ConnectionSettings settings() {
            return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
        }

        static Server of(ConnectionSettings settings) {
            for (Server server : values()) {
                if (server.settings().equals(settings)) {
                    return server;
                }
            }
            throw new AssertionError(settings);
        }
    }

    private static final Writer[] ALL = values();
    /** How many there are. */
    static final int COUNT = ALL.length;

    private final int code;
    private final String run;
    private final Server source;
    private final Server target;

    Writer(int code, String run, Server source, Server target) {
        this.code = code;
        this.run = run;
        this.source = source;
        this.target = target;
    }

    static Writer of(int code) {
        return ALL[code];
    }

    /** As it stands in a {@link World}. */
    int code() {
        return code;
    }

    /** The cutover's id. */
    String run() {
        return run;
    }

    Server source() {
        return source;
    }

    Server target() {
        return target;
    }

    /** The transition that it writes as this version, with its commitments to those that can follow. */
    Transition transition(Phase phase, int version) {
        List<Commitment> commitments = new ArrayList<>();
        int last = phase == Phase.PREPARE ? version + 2 : version + 1;
        commitments.add(new Secret(this, Commitment.Kind.SWITCH, last).commitment());
        for (int next = version + 1; next <= last; next++) {
            commitments.add(new Secret(this, Commitment.Kind.UNDO, next).commitment());
        }
        if (phase == Phase.PREPARE) {
            commitments.add(new Secret(this, Commitment.Kind.HOLD, version + 1).commitment());
        }
        return new Transition(run, phase, target.settings(), Duration.ofSeconds(5), commitments);
    }
}
