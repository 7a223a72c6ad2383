package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.core.internal.codec.ReportCodec;
import dev.connectionregistry.core.internal.util.Printable;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.ItemsRead.Unreadable;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Reads the reports of a fleet from all its partitions in parallel. The first partition says how many there are
 * ({@link PartitionsMark}); the settings don't count, since an instance may have read others. Thread-safe.
 */
final class FleetReader {
    /** As many as the connections that the JVM keeps open for the next read. */
    private static final int AT_ONCE = 5;

    private final RegistryTable table;
    private final PartitionQueries queries;
    /** How many partitions each fleet had in an earlier read; the number never falls. */
    private final Map<DatabaseName, Integer> known = new ConcurrentHashMap<>();

    FleetReader(RegistryTable table, PartitionQueries queries) {
        this.table = table;
        this.queries = queries;
    }

    /** A report and the partition that it was found in. */
    record Placed(InstanceReport report, int partition) {
        /**
         * Distinguishes processes as far as possible: two reports without an incarnation may be from one process only
         * if they are in one partition.
         */
        private String incarnation() {
            return report.incarnation().orElse("partition " + partition);
        }
    }

    /** The items of one partition. */
    private record Partition(int number, List<Map<String, AttributeValue>> items) {}

    /** All reports that haven't expired, one for each process, by name. */
    ItemsRead<InstanceReport> read(DatabaseName database) {
        int expected = known.getOrDefault(database, 1);
        List<Partition> partitions = new ArrayList<>(query(database, 0, expected));
        int marked = partitions.get(0).items().stream()
                .filter(item -> PartitionsMark.is(item, database))
                .mapToInt(PartitionsMark::partitions)
                .findFirst()
                .orElse(1);
        if (marked > expected) {
            partitions.addAll(query(database, expected, marked));
            known.merge(database, marked, Math::max);
        }
        List<Placed> reports = new ArrayList<>();
        List<Unreadable> unreadable = new ArrayList<>();
        Instant now = table.now();
        for (Partition partition : partitions) {
            partition.items().stream()
                    .filter(item -> !isExpired(item, now))
                    .filter(item -> partition.number() > 0 || !PartitionsMark.is(item, database))
                    .forEach(item -> addTo(reports, unreadable, item, partition.number()));
        }
        return new ItemsRead<>(oneOfEach(reports), unreadable);
    }

    private List<Partition> query(DatabaseName database, int from, int to) {
        List<Supplier<Partition>> calls = new ArrayList<>();
        for (int number = from; number < to; number++) {
            int partition = number;
            calls.add(() -> new Partition(
                    partition, queries.allHere(TableLayout.fleet(database, partition), TableLayout.INSTANCE)));
        }
        return table.callAll("reading the fleet of '" + database + "'", calls, AT_ONCE);
    }

    private void addTo(
            List<Placed> reports, List<Unreadable> unreadable, Map<String, AttributeValue> item, int partition) {
        try {
            InstanceReport report = ReportCodec.report(Attributes.toDocument(item));
            Items.requireKey(item, TableLayout.report(report, partition), report.name() + " of " + report.database());
            reports.add(new Placed(report.withReportedAt(table.fromTable(report.reportedAt())), partition));
        } catch (InvalidSettingsException e) {
            unreadable.add(
                    new Unreadable(Items.text(item, TableLayout.SK), Printable.line(String.valueOf(e.getMessage()))));
        }
    }

    private static boolean isExpired(Map<String, AttributeValue> item, Instant now) {
        AttributeValue expiresAt = item.get(TableLayout.EXPIRES_AT);
        if (expiresAt == null || expiresAt.n() == null) {
            return false;
        }
        try {
            return Long.parseLong(expiresAt.n()) <= now.getEpochSecond();
        } catch (NumberFormatException e) {
            return false; // DynamoDB also ignores a time to live that isn't a whole number of seconds
        }
    }

    /**
     * The newest report of each process, by name. In one partition, two processes with one name overwrite each other's
     * reports. In two partitions they don't, so the earlier report is kept under a name that shows its partition,
     * unless its process has ended: it has stopped, or was already silent when the other one reported.
     */
    static List<InstanceReport> oneOfEach(List<Placed> all) {
        Map<String, Map<String, Placed>> processes = new HashMap<>();
        all.forEach(each -> processes
                .computeIfAbsent(each.report().name(), name -> new HashMap<>())
                .merge(each.incarnation(), each, FleetReader::later));
        return processes.values().stream()
                .flatMap(sameName -> ofOneName(sameName.values()).stream())
                .sorted(InstanceReport.BY_NAME)
                .toList();
    }

    private static Placed later(Placed one, Placed other) {
        return one.report().sequence() >= other.report().sequence() ? one : other;
    }

    private static List<InstanceReport> ofOneName(Collection<Placed> processes) {
        Placed last = newest(processes).orElseThrow();
        List<Placed> going = processes.stream()
                .filter(each -> each.report().state() != InstanceState.STOPPED)
                .filter(each -> !each.report().isSilentAt(last.report().reportedAt()))
                .toList();
        Placed first = newest(going).orElse(last);
        List<InstanceReport> reports = new ArrayList<>();
        reports.add(first.report());
        going.stream()
                .filter(each -> !each.equals(first))
                .map(FleetReader::withPartition)
                .forEach(reports::add);
        return reports;
    }

    private static Optional<Placed> newest(Collection<Placed> processes) {
        return processes.stream()
                .max(Comparator.comparing((Placed each) -> each.report().reportedAt())
                        .thenComparing(Placed::incarnation));
    }

    private static InstanceReport withPartition(Placed placed) {
        return placed.report()
                .withInstance(placed.report().instance() + " ("
                        + TableLayout.fleet(placed.report().database(), placed.partition()) + ")");
    }
}
