package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.core.internal.util.CleanLogger;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * Writes reports, each to the partition that the settings and the instance's name select. A report that is denied there
 * goes to the first partition, which readers always read. Reports that an instance leaves in another partition expire
 * by themselves: readers use its newest report. Thread-safe.
 */
final class ReportWriter {
    private static final Logger log = CleanLogger.of(ReportWriter.class);

    private static final Duration REPORTS_LIVE = Duration.ofHours(1);
    private static final int REPORTS_LIVE_HEARTBEATS = 10;
    /** How long a denied partition isn't tried again; policies seldom change. */
    private static final Duration DENIED_FOR = Duration.ofMinutes(10);

    private final RegistryTable table;
    private final LongSupplier nanoTime;
    /** The number of partitions in the settings that were last read. */
    private final Map<DatabaseName, Integer> partitions = new ConcurrentHashMap<>();
    /** The state of each instance that reports in a partition other than the first; by database and name. */
    private final Map<String, Place> places = new ConcurrentHashMap<>();

    /**
     * The state of an instance if there are {@code partitions} partitions.
     *
     * @param deniedAt when a report was last denied; empty if the instance may report there and has written the mark
     */
    private record Place(int partitions, OptionalLong deniedAt) {}

    ReportWriter(RegistryTable table, LongSupplier nanoTime) {
        this.table = table;
        this.nanoTime = nanoTime;
    }

    /** Notes the number of partitions in settings that were read. */
    void observe(DatabaseName database, ReadResult read) {
        read.newest().ifPresent(settings -> partitions.put(database, settings.reportPartitions()));
    }

    /** Writes {@code report}; returns what it replaced. */
    Optional<InstanceReport> write(InstanceReport report) {
        int spread = partitions.getOrDefault(report.database(), 1);
        int partition = TableLayout.partition(report, spread);
        String who = report.database() + " " + report.name();
        if (partition == 0) {
            places.remove(who);
            return put(report, 0);
        }
        Optional<Place> known = Optional.ofNullable(places.get(who)).filter(place -> place.partitions() == spread);
        if (known.filter(this::isDenied).isPresent()) {
            return put(report, 0);
        }
        boolean marked = known.filter(place -> place.deniedAt().isEmpty()).isPresent();
        places.remove(who); // after any failure below, everything is tried again
        try {
            Optional<InstanceReport> replaced = put(report, partition, spread, marked);
            places.put(who, new Place(spread, OptionalLong.empty()));
            return replaced;
        } catch (RegistryException e) {
            if (e.kind() != RegistryException.Kind.DENIED || DynamoDbErrors.isAboutCredentials(e)) {
                throw e;
            }
            Optional<InstanceReport> replaced = put(report, 0);
            places.put(who, new Place(spread, OptionalLong.of(nanoTime.getAsLong())));
            if (known.isEmpty()) {
                log.warn(
                        "{} reports under the partition key '{}', because it may not write under '{}': {}; until its"
                                + " policy allows the keys '{}#*' (dynamodb:LeadingKeys), too many instances may report"
                                + " under one key",
                        report.name(),
                        TableLayout.fleet(report.database(), 0),
                        TableLayout.fleet(report.database(), partition),
                        e.getMessage(),
                        TableLayout.fleet(report.database(), 0));
            }
            return replaced;
        }
    }

    private boolean isDenied(Place place) {
        return place.deniedAt().isPresent()
                && nanoTime.getAsLong() - place.deniedAt().getAsLong() < DENIED_FOR.toNanos();
    }

    /**
     * Writes the mark before the first report, and again if there is no earlier report: the table may have been
     * restored.
     */
    private Optional<InstanceReport> put(InstanceReport report, int partition, int spread, boolean marked) {
        if (!marked) {
            mark(report.database(), spread);
        }
        Map<String, AttributeValue> replaced = putItem(report, partition);
        if (marked && replaced.isEmpty()) {
            mark(report.database(), spread);
        }
        return Items.replacedReport(replaced);
    }

    private void mark(DatabaseName database, int spread) {
        table.call("marking that reports of '" + database + "' are in " + spread + " partitions", () -> {
            PartitionsMark.write(table, database, spread);
            return true;
        });
    }

    private Optional<InstanceReport> put(InstanceReport report, int partition) {
        return Items.replacedReport(putItem(report, partition));
    }

    private Map<String, AttributeValue> putItem(InstanceReport report, int partition) {
        Duration heartbeats = report.heartbeat().multipliedBy(REPORTS_LIVE_HEARTBEATS);
        Duration lives = heartbeats.compareTo(REPORTS_LIVE) > 0 ? heartbeats : REPORTS_LIVE;
        long expiresAt = table.now().plus(lives).getEpochSecond();
        InstanceReport dated = report.withReportedAt(table.toTable(report.reportedAt()));
        return table.call("reporting about " + report.name(), () -> {
            PutItemResponse response = table.client()
                    .putItem(PutItemRequest.builder()
                            .tableName(table.name())
                            .item(Items.item(dated, partition, expiresAt))
                            .returnValues(ReturnValue.ALL_OLD)
                            .build());
            table.observeClock(response);
            return response.attributes();
        });
    }
}
