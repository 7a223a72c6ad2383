package dev.connectionregistry.admin.cutover.run;

import dev.connectionregistry.admin.cutover.SourceServer.Unlocked;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Takes the locks on all sources of a run. Always in the order of system identifier and database oid, whatever order the names
 * have: two coordinators that take the same run over would otherwise end each other's sessions in turn.
 */
final class SourceLocks {
    private static final Comparator<Key> ORDER =
            Comparator.comparing(Key::systemIdentifier).thenComparing(Key::oid);

    private SourceLocks() {}

    private record Key(String systemIdentifier, long oid) {}

    static void take(List<DatabaseRun> databases, boolean takeOver, Duration bound)
            throws StepFailure, ServerException {
        long end = System.nanoTime() + bound.toNanos();
        Map<Key, DatabaseRun> ordered = new TreeMap<>(ORDER);
        try {
            for (DatabaseRun each : databases) {
                Unlocked source = each.servers().connectSource(left(end));
                DatabaseRun same = ordered.put(new Key(source.identity().systemIdentifier(), source.oid()), each);
                if (same != null) {
                    throw StepFailure.failed(sameDatabase(same, each));
                }
            }
            for (DatabaseRun each : ordered.values()) {
                each.servers().lockSource(takeOver, left(end));
            }
        } catch (StepFailure | ServerException | RuntimeException e) {
            databases.forEach(each -> each.servers().closeSource());
            throw e;
        }
    }

    private static Duration left(long end) {
        return Duration.ofNanos(Math.max(1, end - System.nanoTime()));
    }

    private static String sameDatabase(DatabaseRun one, DatabaseRun other) {
        return one.lead().source().endpoint() + " ('" + one.lead().name() + "') and "
                + other.lead().source().endpoint() + " ('" + other.lead().name()
                + "') are the same Postgres database under two endpoints; give both names the same endpoint first, with"
                + " set-endpoint";
    }
}
