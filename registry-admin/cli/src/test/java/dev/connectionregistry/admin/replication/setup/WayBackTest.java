package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a cutover says of the way back while there is time. */
class WayBackTest {
    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit does
    private Path directory;

    private static String connection(Pair pair) {
        return "host=" + pair.source.host() + " port=" + pair.source.port() + " user=" + pair.source.superuser()
                + " password='" + pair.source.password() + "' dbname='" + pair.name + "'";
    }

    @Test
    void leadsAReplicationThatWasMadeByHandToAWayBack() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE orders (id int PRIMARY KEY)");
            pair.source.execute(pair.name, "CREATE PUBLICATION by_hand FOR TABLE orders");
            pair.target.execute(pair.name, """
                    CREATE SUBSCRIPTION by_hand
                    CONNECTION '%s'
                    PUBLICATION by_hand
                    """.formatted(connection(pair).replace("'", "''")));
            try {
                await().atMost(Pair.PATIENCE)
                        .pollInterval(Duration.ofMillis(50))
                        .until(() -> pair.strings(pair.target, "SELECT srsubstate FROM pg_subscription_rel")
                                .equals(List.of("r")));
                Run dry = Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot", "--dry-run"));
                Matcher remedy = Pattern.compile("CREATE PUBLICATION \"\\w+\" FOR TABLE [^;]+;")
                        .matcher(dry.out() + dry.err());
                assertThat(remedy.find()).as(dry.out() + dry.err()).isTrue();
                pair.target.execute(pair.name, remedy.group());
                Run moved = Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot"));
                assertThat(moved.err()).doesNotContain("CREATE PUBLICATION");
                pair.target.execute(pair.name, "ALTER SUBSCRIPTION by_hand DISABLE", "INSERT INTO orders VALUES (1)");
                Pair.requireDone(pair.replication("reverse", /* source= */ pair.target, /* target= */ pair.source));
                pair.awaitEqual("orders");
                assertThat(pair.rows(pair.source, "orders")).containsExactly("(1)");
            } finally {
                pair.target.execute(pair.name, "DROP SUBSCRIPTION by_hand");
            }
        }
    }

    @Test
    void saysThatThereIsNoneWithoutItsSlotThoughStartHasPreparedIt() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory)) {
            pair.both("CREATE TABLE orders (id int PRIMARY KEY)");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            Run with = Pair.requireDone(pair.cutover(pair.source, pair.target, "--dry-run", "--reverse-slot"));
            assertThat(with.out()).containsPattern("registry_orders_\\w+_p[0-9a-f]{10}");
            assertThat(with.err()).doesNotContain("add --reverse-slot");
            for (String how : List.of("--dry-run", "--rehearse")) {
                Run without = Pair.requireDone(pair.cutover(pair.source, pair.target, how));
                assertThat(without.out() + without.err()).contains("add --reverse-slot");
            }
        }
    }

    /** Production is turned round onto staging's source by mistake. */
    @Test
    void refusesToTurnRoundOntoAServerThatTheServicesDidNotComeFrom() throws Exception {
        try (Pair pair = Pair.of(17, 18, directory);
                Pair other = Pair.of(13, 18, directory)) {
            pair.both("CREATE TABLE orders (id int PRIMARY KEY)");
            Pair.requireDone(pair.plan());
            Pair.requireDone(pair.start());
            Pair.requireDone(pair.cutover(pair.source, pair.target, "--reverse-slot"));
            String slot = pair.strings(
                            pair.target,
                            "SELECT slot_name FROM pg_replication_slots WHERE database = current_database()")
                    .get(0);
            other.source.execute("postgres", "CREATE DATABASE " + Pair.q(pair.name));
            other.source.execute(pair.name, "CREATE TABLE orders (id int PRIMARY KEY)");
            for (List<String> options : List.of(List.<String>of(), List.of("--reverse-slot", slot))) {
                Run wrong = pair.replication(
                        "reverse",
                        /* source= */ pair.target,
                        /* target= */ other.source,
                        options.toArray(String[]::new));
                assertThat(wrong.code()).as(wrong.out() + wrong.err()).isEqualTo(1);
            }
            assertThat(pair.left(pair.target)).as("nothing is ended").anyMatch(each -> each.startsWith("subscription"));
            Pair.requireDone(pair.replication("reverse", /* source= */ pair.target, /* target= */ pair.source));
        }
    }
}
