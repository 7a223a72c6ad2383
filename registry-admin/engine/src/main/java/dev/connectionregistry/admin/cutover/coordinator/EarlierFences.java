package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Fences of runs before the latest that may still be up, whatever ran since. Pure. */
final class EarlierFences {
    private static final Set<RunOutcome> SWITCHED = EnumSet.of(RunOutcome.SWITCHED, RunOutcome.SWITCHED_NOT_ALL_SEEN);

    private EarlierFences() {}

    /**
     * The latest for each source. Leaves out servers that a later run moved to, since that run saw them accept writes,
     * and servers that a later run fenced, since no fence is planned over another.
     *
     * @param journals of the runs of {@code database}, the latest first; those that can't be read are passed over
     */
    static List<RunRecord> among(List<Map<String, Object>> journals, DatabaseName database) {
        List<RunRecord> runs =
                journals.stream().flatMap(each -> read(each, database).stream()).toList();
        Set<Endpoint> settled = new HashSet<>();
        List<RunRecord> found = new ArrayList<>();
        for (RunRecord run : runs) {
            Endpoint source = run.spec().source().endpoint();
            boolean later = !run.equals(runs.get(0));
            boolean mayBeUp =
                    run.fence().isPresent() && FenceStatus.byJournal(run).state() != FenceStatus.State.DOWN;
            if (later && mayBeUp && !settled.contains(source)) {
                found.add(run);
            }
            if (run.fence().isPresent()) {
                settled.add(source);
            }
            if (run.outcome().filter(SWITCHED::contains).isPresent()) {
                settled.add(run.spec().target().endpoint());
            }
        }
        return found;
    }

    private static Optional<RunRecord> read(Map<String, Object> journal, DatabaseName database) {
        try {
            return Optional.of(RunRecordCodec.record(journal, database, String.valueOf(journal.get("id")))
                    .about(database));
        } catch (InvalidSettingsException e) {
            return Optional.empty();
        }
    }
}
