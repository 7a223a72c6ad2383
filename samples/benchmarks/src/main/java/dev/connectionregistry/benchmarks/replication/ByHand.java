package dev.connectionregistry.benchmarks.replication;

import dev.connectionregistry.benchmarks.cutover.stage.Deadline;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.benchmarks.cutover.stage.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** The statements that somebody would type, over connections that are open: publication, subscription, and looking until it follows. */
record ByHand(Servers servers) implements Way {
    private static final Duration LONGEST = Duration.ofMinutes(20);
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final String FOLLOWS =
            "SELECT count(*) FROM pg_subscription_rel WHERE srsubstate = 'r' AND srrelid = 'items'::regclass";

    @Override
    public String title() {
        return "by hand";
    }

    @Override
    public void prepare() {}

    @Override
    public void copy() throws SQLException {
        String login = servers.old().connectionString(BenchmarkTables.DATABASE).replace("'", "''");
        try (Connection source = servers.old().connect(BenchmarkTables.DATABASE);
                Connection target = servers.next().connect(BenchmarkTables.DATABASE)) {
            Sql.execute(source, "CREATE PUBLICATION by_hand FOR TABLE items");
            Sql.execute(target, "CREATE SUBSCRIPTION by_hand CONNECTION '" + login + "' PUBLICATION by_hand");
            Deadline.in(LONGEST, "the copy by hand").await(PAUSE, () -> Sql.number(target, FOLLOWS) == 1);
        }
    }

    @Override
    public void end() throws SQLException {
        servers.next().execute(BenchmarkTables.DATABASE, "DROP SUBSCRIPTION by_hand");
        servers.old().execute(BenchmarkTables.DATABASE, "DROP PUBLICATION by_hand");
    }
}
