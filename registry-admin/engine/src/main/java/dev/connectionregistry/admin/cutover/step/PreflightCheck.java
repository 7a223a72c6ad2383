package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.run.DatabaseRun;
import dev.connectionregistry.admin.cutover.step.CutoverChecks.Looking;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Preflight;
import dev.connectionregistry.admin.preflight.PreflightObserver;
import dev.connectionregistry.admin.preflight.PreflightReport;
import dev.connectionregistry.admin.preflight.PreflightRequest;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Result;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Makes preflight's checks as one check of a run, without those that the run makes itself, and without those of logical
 * replication if another barrier means that rows come another way.
 */
public final class PreflightCheck {
    /** The name of the check. */
    static final String NAME = "preflight";

    private static final int TOLD_WARNINGS = 5;
    private static final int TOLD_REMEDIES = 3;
    private static final int LONGEST_WARNING = 160;

    private final Preflight preflight;
    private final Set<String> skipped;
    private final CommandText commands;

    public PreflightCheck(Preflight preflight, Set<String> skipped, CommandText commands) {
        this.preflight = preflight;
        this.skipped = skipped;
        this.commands = commands;
    }

    /**
     * Fails if one of the skipped checks doesn't exist, or can't be skipped in a run.
     *
     * @throws InvalidSettingsException naming it
     */
    public PreflightCheck requireSensible() {
        preflight.requireKnown(skipped);
        preflight.all().stream()
                .filter(about -> about.leftToCutover() && skipped.contains(about.name()))
                .findFirst()
                .ifPresent(about -> {
                    throw new InvalidSettingsException("--skip-check " + about.name()
                            + " is for preflight only: a cutover checks that itself if it depends on it");
                });
        return this;
    }

    /** This as one of a run's checks. */
    public Check<Looking> check() {
        return new Check<>(new About(NAME, Group.SERVERS, ""), this::look);
    }

    private Finding look(Looking looking) {
        DatabaseRun run = looking.run();
        ServerPair pair = looking.pair();
        PreflightReport report;
        try {
            report = preflight.look(
                    new PreflightRequest(pair, skipped, leftOut(run.spec()), PreflightRequest.Limits.USUAL),
                    PreflightObserver.NOBODY);
        } catch (OperationException e) {
            return Finding.fail(String.valueOf(e.getMessage()));
        }
        if (!skipped.isEmpty()) {
            run.warn("preflight: left out by --skip-check: "
                    + skipped.stream().sorted().collect(Collectors.joining(", ")));
        }
        warn(run, pair, report.of(Outcome.WARN));
        List<Result> failed = causes(report.of(Outcome.FAIL));
        failed.stream().filter(result -> result.about().logsInTo(Side.TARGET)).forEach(result -> run.servers()
                .refuseTarget(failure(result)));
        return failed.isEmpty()
                ? Finding.pass("both servers and the fleet are fit for a move")
                : Finding.fail(failed.stream().map(this::failure).collect(Collectors.joining("\n")));
    }

    /** The checks that the run makes itself; and logical replication, if rows come another way. */
    private Set<String> leftOut(RunSpec spec) {
        boolean replicates = spec.options().barrier().isReplication();
        return preflight.all().stream()
                .filter(about -> about.leftToCutover() || (about.group() == Group.REPLICATION && !replicates))
                .map(About::name)
                .collect(Collectors.toSet());
    }

    /** Without a login nothing can be checked, which needn't be repeated for each check. */
    private static List<Result> causes(List<Result> failed) {
        List<Result> logins = failed.stream()
                .filter(result -> Stream.of(Side.values()).anyMatch(result.about()::logsInTo))
                .toList();
        return logins.isEmpty() ? failed : logins;
    }

    /** Gives one line for each, and not many: {@code preflight} itself shows them all. */
    private void warn(DatabaseRun run, ServerPair pair, List<Result> warnings) {
        warnings.stream()
                .limit(TOLD_WARNINGS)
                .map(result -> "preflight " + result.about().name() + ": "
                        + result.finding().message())
                .map(text -> text.length() > LONGEST_WARNING ? text.substring(0, LONGEST_WARNING - 3) + "..." : text)
                .forEach(run::warn);
        if (!warnings.isEmpty()) {
            int more = warnings.size() - Math.min(TOLD_WARNINGS, warnings.size());
            run.warn((more > 0 ? "preflight: and " + more + " more warnings; " : "preflight: ") + "see all of them"
                    + " with "
                    + commands.command("preflight " + pair.database() + " --target "
                            + Remedy.word(pair.targetSettings().endpoint()) + pair.adminWords()));
        }
    }

    private String failure(Result result) {
        List<Remedy> remedies = result.finding().remedies();
        return "preflight " + result.about().name() + ": " + result.finding().message()
                + remedies.stream().limit(TOLD_REMEDIES).map(this::remedy).collect(Collectors.joining())
                + (remedies.size() > TOLD_REMEDIES ? "\n  and " + (remedies.size() - TOLD_REMEDIES) + " more" : "");
    }

    private String remedy(Remedy remedy) {
        return switch (remedy.place()) {
            case SOURCE -> "\n  on the source: " + remedy.text();
            case TARGET -> "\n  on the target: " + remedy.text();
            case COMMAND -> "\n  " + commands.command(remedy.text());
            case ADVICE -> "\n  " + remedy.text();
        };
    }
}
