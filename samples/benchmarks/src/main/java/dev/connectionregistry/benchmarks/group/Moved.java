package dev.connectionregistry.benchmarks.group;

import dev.connectionregistry.benchmarks.cutover.side.registry.RegisteredName;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What one command moves. Both have the same number of instances, connections and callers. */
enum Moved {
    ONE("one name", 1, 1),
    GROUP("3 names, 2 databases", 3, 2);

    private static final int INSTANCES = 6;

    private final String title;
    private final int names;
    private final int databases;

    Moved(String title, int names, int databases) {
        this.title = title;
        this.names = names;
        this.databases = databases;
    }

    /** What it is called in the table. */
    String title() {
        return title;
    }

    /** How many instances each name has. */
    int instances() {
        return INSTANCES / names;
    }

    /** The names of its databases in this round. */
    List<String> databases(int round) {
        String prefix = "round_" + round + "_" + name().toLowerCase(Locale.ROOT) + "_";
        return IntStream.range(0, databases).mapToObj(i -> prefix + i).toList();
    }

    /** Its names on these databases, in turn. */
    List<RegisteredName> names(List<DatabasePair> pairs) {
        return IntStream.range(0, names)
                .mapToObj(i -> {
                    DatabasePair pair = pairs.get(i % databases);
                    return new RegisteredName(pair.name() + "_name_" + i, pair);
                })
                .toList();
    }
}
