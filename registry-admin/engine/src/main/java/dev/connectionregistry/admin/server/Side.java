package dev.connectionregistry.admin.server;

import java.util.Locale;

/** One of the two servers, in the direction of the current move: on the way back the two are exchanged. */
public enum Side {
    /** The server that the fleet leaves. */
    SOURCE,
    /** The server that the fleet goes to. */
    TARGET;

    public Side opposite() {
        return this == SOURCE ? TARGET : SOURCE;
    }

    /** Chooses what belongs to this server. */
    public <T> T of(T source, T target) {
        return this == SOURCE ? source : target;
    }

    /** For names and people: {@code source}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
