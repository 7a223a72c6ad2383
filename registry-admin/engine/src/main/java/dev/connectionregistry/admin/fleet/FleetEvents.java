package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetMember.Liveness;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Says in sentences what happened between two looks at a fleet. Pure. */
public final class FleetEvents {
    /** What helps {@linkplain #ahead those ahead of the table}. */
    public static final String AHEAD_ADVICE =
            "'registry-admin lift DB --above N', N being the highest version seen, writes one that they follow; or restart those instances: they start on the table's"
                    + " version";

    /** What plain members are. */
    public static final String PLAIN = "a plain member: it follows moves, but doesn't hold its callers";

    private static final int NAMED = 10;

    private FleetEvents() {}

    /**
     * One line for each thing that happened, by instance; if there was no look before, one for each instance worth
     * mentioning.
     */
    public static List<String> between(FleetSnapshot before, FleetSnapshot after) {
        List<String> events = new ArrayList<>();
        Map<String, FleetMember> earlier = byName(before);
        boolean sameGoal = before.goal().equals(after.goal());
        for (FleetMember member : after.involved().members()) {
            Optional<FleetMember> known = Optional.ofNullable(earlier.get(member.name()));
            change(known.filter(any -> sameGoal), known.isPresent(), member, after.goal())
                    .ifPresent(text -> events.add(member.name() + " " + text));
        }
        Map<String, FleetMember> now = byName(after);
        for (FleetMember member : before.involved().members()) {
            if (!now.containsKey(member.name())) {
                events.add(member.name() + " is gone: its last report has expired");
            }
        }
        return events;
    }

    /** A map, because thousands of instances are looked up after every look. */
    private static Map<String, FleetMember> byName(FleetSnapshot fleet) {
        return fleet.members().stream()
                .collect(Collectors.toMap(FleetMember::name, member -> member, (first, second) -> first));
    }

    private static Optional<String> change(
            Optional<FleetMember> before, boolean known, FleetMember now, FleetGoal goal) {
        if (before.map(FleetMember::liveness).filter(now.liveness()::equals).isEmpty()
                && now.liveness() != Liveness.LIVE) {
            return Optional.of(
                    now.liveness() == Liveness.STOPPED
                            ? "has stopped"
                            : "is silent, last heard of " + seconds(now.age()) + " ago; not waited for");
        }
        if (now.liveness() != Liveness.LIVE) {
            return Optional.empty();
        }
        if (now.ahead()) {
            return before.filter(FleetMember::ahead).isPresent()
                    ? Optional.empty()
                    : Optional.of("has seen version " + now.report().acknowledgedVersion() + ", but the table is at "
                            + now.aheadOf().orElseThrow()
                            + ": it ignores older versions, and follows what lift writes");
        }
        if (now.failing()) {
            return before.filter(FleetMember::failing).isPresent()
                    ? Optional.empty()
                    : Optional.of("can't open connections: "
                            + now.report().problem().orElseThrow().cause());
        }
        if (before.filter(FleetMember::failing).isPresent()
                && now.reachedAfter().isEmpty()) {
            return Optional.of("can open connections again");
        }
        if (now.reachedAfter().isPresent()) {
            return before.flatMap(FleetMember::reachedAfter).isPresent()
                    ? Optional.empty()
                    : Optional.of(arrived(now, goal));
        }
        if (refuses(now, goal) && !sameRefusal(before, now)) {
            return Optional.of("refuses version " + now.report().acknowledgedVersion() + ", stays on "
                    + now.report().version() + ": " + now.report().lastError().orElse("no reason given"));
        }
        if (!known) {
            return Optional.of("is " + now.report().state() + " on version "
                    + now.report().version() + " (" + now.report().endpoint() + ")");
        }
        return before.filter(earlier -> earlier.liveness() == Liveness.SILENT).map(earlier -> "reports again");
    }

    private static String arrived(FleetMember now, FleetGoal goal) {
        return what(now.report(), goal) + " after " + seconds(now.reachedAfter().orElseThrow());
    }

    private static String what(InstanceReport report, FleetGoal goal) {
        return switch (goal.kind()) {
            case ACKNOWLEDGED -> "has read version " + report.acknowledgedVersion();
            case READY -> "is ready: its standby pool is open";
            case HELD -> "holds: nothing is in use";
            case ACTIVE, SERVING -> "serves version " + report.version() + " from " + report.endpoint();
        };
    }

    /** Why an overdue instance is still waited for: {@code billing/c: nothing heard for 29.0s; counts as gone after 1m30s}. */
    public static String overdue(FleetMember member) {
        return member.name() + ": nothing heard for " + seconds(member.unheard()) + "; counts as gone after "
                + Durations.text(member.report().heartbeat().multipliedBy(InstanceReport.SILENT_AFTER_HEARTBEATS));
    }

    /** What last went wrong in the instance, unless it concerned a version older than the one that is waited for. */
    public static Optional<String> problem(FleetGoal goal, InstanceReport report) {
        boolean outdated = report.problem().isEmpty()
                && report.refusedVersion()
                        .filter(version -> version < goal.version())
                        .isPresent();
        return report.lastError().filter(error -> !outdated);
    }

    /** What it means that live instances are ahead of the table; empty if none is. */
    public static Optional<String> ahead(FleetSnapshot fleet) {
        List<FleetMember> ahead = fleet.ahead();
        if (ahead.isEmpty()) {
            return Optional.empty();
        }
        String who = Plural.some(
                ahead.stream()
                        .map(member -> member.name() + " has seen version "
                                + member.report().acknowledgedVersion())
                        .toList(),
                NAMED,
                ", ");
        return Optional.of(
                ahead.size() + " of " + fleet.live().size() + " live instances are ahead of the table: "
                        + who
                        + ", but the table is at version "
                        + ahead.get(0).aheadOf().orElseThrow()
                        + "; it seems to be restored or created again, and instances ignore versions older than they have seen");
    }

    private static boolean refuses(FleetMember now, FleetGoal goal) {
        return now.report().state() == InstanceState.REJECTED && now.report().acknowledgedVersion() >= goal.version();
    }

    private static boolean sameRefusal(Optional<FleetMember> before, FleetMember now) {
        return before.filter(earlier -> earlier.report().state() == InstanceState.REJECTED
                        && earlier.report().acknowledgedVersion()
                                == now.report().acknowledgedVersion()
                        && earlier.report().lastError().equals(now.report().lastError()))
                .isPresent();
    }

    /** A duration as people read it: {@code 0.84s}, {@code 12.3s}, {@code 2m5s}. */
    public static String seconds(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.2fs", millis / 1000.0);
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1fs", millis / 1000.0);
        }
        return Durations.text(Duration.ofSeconds(duration.toSeconds()));
    }
}
