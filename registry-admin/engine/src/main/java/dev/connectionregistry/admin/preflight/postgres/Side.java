package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Remedy;

/** One of the two servers. */
public enum Side {
    /** The one that the fleet is on. */
    SOURCE("source"),
    /** The one that it is to be on. */
    TARGET("target");

    private final String word;

    Side(String word) {
        this.word = word;
    }

    /** For names and people: {@code source}. */
    public String word() {
        return word;
    }

    /** A statement for this one. */
    public Remedy remedy(String sql) {
        return this == SOURCE ? Remedy.onSource(sql) : Remedy.onTarget(sql);
    }
}
