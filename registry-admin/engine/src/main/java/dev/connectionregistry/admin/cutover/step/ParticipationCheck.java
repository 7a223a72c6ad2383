package dev.connectionregistry.admin.cutover.step;

import dev.connectionregistry.admin.common.ShellWord;
import dev.connectionregistry.admin.cutover.run.CutoverRun;
import dev.connectionregistry.admin.cutover.run.FleetWait;
import dev.connectionregistry.admin.cutover.run.StepFailure;
import dev.connectionregistry.admin.fleet.FleetEvents;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.InstanceBounds;
import dev.connectionregistry.registry.InstanceReport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Whether everyone can take part: heard of, new enough, following the table, on the server that will be
 * fenced, and allowed to take the target's settings. */
final class ParticipationCheck {
    private ParticipationCheck() {}

    static void look(CutoverRun run, Duration bound) throws StepFailure {
        FleetSnapshot fleet = run.fleet().look();
        List<String> problems = new ArrayList<>();
        if (!fleet.silent().isEmpty()) {
            problems.add(FleetWait.silent(fleet.silent()));
        }
        FleetEvents.ahead(fleet).ifPresent(text -> problems.add(text + "; " + FleetEvents.AHEAD_ADVICE));
        String source = run.spec().source().endpoint().toString();
        fleet.live().forEach(member -> problems.addAll(problems(member, source)));
        InstanceBounds.refusals(fleet, run.spec().target())
                .forEach(refusal -> problems.add("settings of the target: " + refusal));
        if (!problems.isEmpty()) {
            throw StepFailure.failed(String.join("\n", problems));
        }
        if (fleet.live().isEmpty()) {
            run.warn("nobody uses '" + run.spec().database()
                    + "' now: no live instance has a report; nobody is waited for");
        }
    }

    private static List<String> problems(FleetMember member, String source) {
        List<String> problems = new ArrayList<>();
        InstanceReport report = member.report();
        if (!member.knowsCutovers()) {
            problems.add(member.name() + " runs db-client " + report.clientVersion()
                    + ", which knows no cutovers (protocol " + report.protocol()
                    + "); deploy a newer one, or leave it out with --without " + ShellWord.of(member.name()));
        }
        if (member.isElsewhere(source)) {
            problems.add(member.name() + " is connected to " + report.endpoint() + ", not to " + source
                    + ", so no fence would keep it from writing there"
                    + report.lastError().map(error -> "; it says: " + error).orElse(""));
        }
        return problems;
    }
}
