package dev.connectionregistry.benchmarks.cutover;

import java.util.List;
import java.util.Locale;

/** Who is compared. */
enum Contender {
    /** Connection Registry. */
    OURS("Connection Registry"),
    /** pgbouncer and a script. */
    PGBOUNCER("pgbouncer");

    /** Both, in the table's order. */
    static final List<Contender> ALL = List.of(values());

    private final String title;

    Contender(String title) {
        this.title = title;
    }

    /** What it is called in the table. */
    String title() {
        return title;
    }

    /** What it is called in options, the last line and names of databases. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
