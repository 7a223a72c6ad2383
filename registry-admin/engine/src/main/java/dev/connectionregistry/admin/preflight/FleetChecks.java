package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.fleet.FleetGoal;
import dev.connectionregistry.admin.fleet.FleetSnapshot;
import dev.connectionregistry.admin.fleet.FleetWatcher;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All checks of the fleet. Thread-safe. */
public final class FleetChecks {
    private static final List<FleetCheck> ALL = List.of(
            new AliveCheck(),
            new ProtocolCheck(),
            new EndpointCheck(),
            new BoundsCheck(),
            new OtherNamesCheck(),
            new RehearsedCheck());
    /** A rehearsal that is longer ago than this many cutovers says nothing any more. */
    private static final int LOOKED_AT = 10;

    private final FleetWatcher watcher;
    private final CutoverRegistry cutovers;
    private final OtherNames names;

    /** Reads reports through {@code watcher}, journals from {@code cutovers}, and who else is there through {@code names}. */
    @Inject
    public FleetChecks(FleetWatcher watcher, CutoverRegistry cutovers, OtherNames names) {
        this.watcher = watcher;
        this.cutovers = cutovers;
        this.names = names;
    }

    /** All of them. */
    public List<About> all() {
        return ALL.stream().map(FleetCheck::about).toList();
    }

    /** Reads the registry, once; if it can't be read, every check says so. */
    public Looking begin(ServerPair pair) {
        try {
            FleetSnapshot fleet = watcher.once(pair.database(), FleetGoal.active(pair.version()));
            return new Looking(Optional.of(view(pair, fleet)), "");
        } catch (RegistryException e) {
            return new Looking(Optional.empty(), String.valueOf(e.getMessage()));
        }
    }

    /** What can't be read of other names is no reason to know nothing of this one. */
    private FleetView view(ServerPair pair, FleetSnapshot fleet) {
        List<RunRecord> runs = runs(pair.database());
        try {
            List<OtherNames.Shared> others =
                    names.of(pair.database(), pair.sourceSettings().endpoint());
            return new FleetView(pair, fleet, runs, others, "");
        } catch (RegistryException e) {
            return new FleetView(pair, fleet, runs, List.of(), String.valueOf(e.getMessage()));
        }
    }

    private List<RunRecord> runs(DatabaseName database) {
        List<RunRecord> runs = new ArrayList<>();
        for (Map<String, Object> journal : cutovers.journals(database, LOOKED_AT)) {
            try {
                runs.add(RunRecordCodec.record(journal));
            } catch (InvalidSettingsException e) {
                // of another release, which says nothing about this one's cutovers
            }
        }
        return runs;
    }

    /** What was read, and the checks of it. Immutable. */
    public static final class Looking {
        private final Optional<FleetView> view;
        private final String problem;

        private Looking(Optional<FleetView> view, String problem) {
            this.view = view;
            this.problem = problem;
        }

        /** Makes one of {@link FleetChecks#all}. */
        public Finding look(About about) {
            FleetCheck check = ALL.stream()
                    .filter(each -> each.about().equals(about))
                    .findFirst()
                    .orElseThrow();
            return view.map(check::judge).orElseGet(() -> Finding.unknown(problem));
        }

        /** What the sessions of the live instances are called; none if that can't be told. */
        public Set<String> sessions() {
            return reports().stream()
                    .map(report -> InstanceReport.applicationName(report.service(), report.instance()))
                    .collect(Collectors.toSet());
        }

        /** How many connections the pools of the live instances may have together. */
        public int connections() {
            return reports().stream()
                    .mapToInt(report -> report.pool().maximumSize())
                    .sum();
        }

        private List<InstanceReport> reports() {
            return view.map(FleetView::fleet).map(FleetSnapshot::live).orElse(List.of()).stream()
                    .map(member -> member.report())
                    .toList();
        }
    }
}
