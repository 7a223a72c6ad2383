package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerPair;
import java.util.Comparator;
import java.util.List;

/**
 * The results of all checks. Immutable.
 *
 * @param pair the two servers
 * @param results one for each check, in no particular order
 */
public record PreflightReport(ServerPair pair, List<Result> results) {
    public PreflightReport {
        results = List.copyOf(results);
    }

    /** The results of one group, the worst first. */
    public List<Result> of(Group group) {
        return results.stream()
                .filter(result -> result.about().group() == group)
                .sorted(Comparator.comparing(Result::outcome))
                .toList();
    }

    /** The results with this outcome. */
    public List<Result> of(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).toList();
    }

    /** {@code 40 passed, 3 not yet, 2 warnings, 1 failed}; zero counts are left out. */
    public String summary() {
        return String.join(
                ", ",
                java.util.stream.Stream.of(
                                count(Outcome.FAIL, " failed", " failed"),
                                count(Outcome.UNKNOWN, " not checked", " not checked"),
                                count(Outcome.WARN, " warning", " warnings"),
                                count(Outcome.NOT_YET, " not yet", " not yet"),
                                count(Outcome.SKIPPED, " skipped", " skipped"),
                                count(Outcome.PASS, " passed", " passed"))
                        .filter(text -> !text.isEmpty())
                        .toList());
    }

    private String count(Outcome outcome, String one, String many) {
        int number = of(outcome).size();
        return number == 0 ? "" : number + (number == 1 ? one : many);
    }
}
