package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reports as a document of plain values, and back; the one place that knows the attributes' names. */
public final class ReportCodec {
    private ReportCodec() {}

    /** The document of a report; a new, ordered, mutable map. */
    public static Map<String, Object> toDocument(InstanceReport report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", report.database().value());
        document.put("service", report.service());
        document.put("instance", report.instance());
        document.put("state", report.state().name());
        document.put("version", report.version());
        document.put("acknowledgedVersion", report.acknowledgedVersion());
        document.put("endpoint", report.endpoint());
        document.put("pollIntervalMillis", report.pollInterval().toMillis());
        document.put("heartbeatMillis", report.heartbeat().toMillis());
        document.put("sequence", report.sequence());
        document.put("since", report.since().toString());
        document.put("reportedAt", report.reportedAt().toString());
        Map<String, Object> pool = new LinkedHashMap<>();
        pool.put("active", (long) report.pool().active());
        pool.put("idle", (long) report.pool().idle());
        pool.put("waiting", (long) report.pool().waiting());
        pool.put("maximumSize", (long) report.pool().maximumSize());
        document.put("pool", pool);
        document.put("cutConnections", report.cutConnections());
        report.lastError().ifPresent(error -> document.put("lastError", error));
        document.put("clientVersion", report.clientVersion());
        document.put("protocol", (long) report.protocol());
        return document;
    }

    /**
     * The report in a document.
     *
     * @throws InvalidSettingsException if it isn't one
     */
    public static InstanceReport report(Map<String, ?> document) {
        try {
            Map<?, ?> pool = document.get("pool") instanceof Map<?, ?> map ? map : Map.of();
            return new InstanceReport(
                    new DatabaseName(text(document, "database")),
                    text(document, "service"),
                    text(document, "instance"),
                    InstanceState.named(text(document, "state")),
                    number(document, "version"),
                    number(document, "acknowledgedVersion"),
                    text(document, "endpoint"),
                    Duration.ofMillis(number(document, "pollIntervalMillis")),
                    Duration.ofMillis(number(document, "heartbeatMillis")),
                    number(document, "sequence"),
                    Instant.parse(text(document, "since")),
                    Instant.parse(text(document, "reportedAt")),
                    new PoolFigures(
                            (int) number(pool, "active"),
                            (int) number(pool, "idle"),
                            (int) number(pool, "waiting"),
                            (int) number(pool, "maximumSize")),
                    number(document, "cutConnections"),
                    document.get("lastError") instanceof String error ? Optional.of(error) : Optional.empty(),
                    text(document, "clientVersion"),
                    (int) number(document, "protocol"));
        } catch (DateTimeException e) {
            throw new InvalidSettingsException("a report has an unreadable time: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException("a report is unreadable: " + e.getMessage());
        }
    }

    private static String text(Map<?, ?> document, String name) {
        if (document.get(name) instanceof String text) {
            return text;
        }
        throw new InvalidSettingsException("attribute '" + name + "' is missing or not a text");
    }

    private static long number(Map<?, ?> document, String name) {
        if (document.get(name) instanceof Number number) {
            return number.longValue();
        }
        throw new InvalidSettingsException("attribute '" + name + "' is missing or not a number");
    }
}
