package dev.connectionregistry.admin.replication.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.local.LocalPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/** A pair with tables that get in the way, and somebody who does what the program says. */
final class RemedyFollower {
    private static final String AFTER = "after the cutover, on the target: ";
    private static final Pattern STATEMENT = Pattern.compile("ALTER TABLE [^;]+;");

    private final Pair pair;
    private final String changes;

    /** Tables of {@code setup}.sql on both servers, with their rows on the one that the services are on. */
    RemedyFollower(Pair pair, String setup) throws SQLException {
        this.pair = pair;
        String[] parts = read(setup).split("-- (?:rows|changes)\n", -1);
        pair.both(parts[0]);
        if (!parts[1].isBlank()) {
            pair.source.execute(pair.name, parts[1]);
        }
        this.changes = parts[2];
    }

    private static String read(String setup) {
        String name = "/remedies/" + setup + ".sql";
        try (InputStream in = Objects.requireNonNull(RemedyFollower.class.getResourceAsStream(name), name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** Statistics need a moment. */
    void awaitFinding(String check, String outcome) {
        await(check + " finds it")
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(200))
                .untilAsserted(() -> assertThat(outcome(check)).isEqualTo(outcome));
    }

    /** {@code PASS}, {@code FAIL}; whatever else fails. */
    String outcome(String check) {
        return String.valueOf(look(check).get("outcome")).toUpperCase(Locale.ROOT);
    }

    private Map<?, ?> look(String check) {
        Run run = pair.preflight("--output", "json");
        assertThat(run.out()).as(run.err()).isNotEmpty();
        List<?> checks = (List<?>) ((Map<?, ?>) Json.read(run.out())).get("checks");
        return (Map<?, ?>) Objects.requireNonNull(checks).stream()
                .filter(each -> check.equals(((Map<?, ?>) each).get("name")))
                .findFirst()
                .orElseThrow();
    }

    private List<Map<?, ?>> remedies(String check) {
        List<Map<?, ?>> remedies = new ArrayList<>();
        ((List<?>) Objects.requireNonNull(look(check).get("remedies"))).forEach(each -> remedies.add((Map<?, ?>) each));
        return remedies;
    }

    /** Gives every statement as it is printed, where it is said; returns the sentences. */
    List<String> follow(String check) throws SQLException {
        List<String> advice = new ArrayList<>();
        for (Map<?, ?> each : remedies(check)) {
            String text = String.valueOf(each.get("text"));
            switch (String.valueOf(each.get("where"))) {
                case "source" -> pair.source.execute(pair.name, text);
                case "target" -> pair.target.execute(pair.name, text);
                default -> advice.add(text);
            }
        }
        return advice;
    }

    List<String> advice(String check) {
        return remedies(check).stream()
                .map(each -> String.valueOf(each.get("text")))
                .toList();
    }

    static List<String> afterCutover(List<String> advice) {
        List<String> after =
                advice.stream().filter(each -> each.startsWith(AFTER)).toList();
        assertThat(after).isNotEmpty();
        return after;
    }

    /** What a plan says must be done first. */
    static List<String> statements(Run plan) {
        return STATEMENT
                .matcher(plan.out())
                .results()
                .map(each -> each.group().replace("\\\"", "\""))
                .toList();
    }

    static Run requireRefused(Run run) {
        assertThat(run.code()).as(run.out()).isEqualTo(1);
        return run;
    }

    /** Copies, changes rows, moves the services, and looks for every row. */
    void moveEverything() throws SQLException {
        assertThat(outcome("schema")).isEqualTo("PASS");
        Pair.requireDone(pair.plan());
        Pair.requireDone(pair.start());
        pair.source.execute(pair.name, changes);
        List<String> tables = tables(pair.source);
        assertThat(tables).isNotEmpty();
        tables.forEach(pair::awaitEqual);
        Pair.requireDone(pair.checkedCutover());
        tables.forEach(pair::awaitEqual);
    }

    private List<String> tables(LocalPostgres server) throws SQLException {
        return pair.strings(
                server,
                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname !~ '^(pg_|information)'");
    }
}
