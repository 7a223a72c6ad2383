package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
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
        report.server().ifPresent(server -> document.put("server", document(server)));
        report.problem().ifPresent(problem -> {
            document.put("problem", problem.cause());
            document.put("problemSince", problem.since().toString());
        });
        report.refusedVersion().ifPresent(version -> document.put("refusedVersion", version));
        if (!report.bounds().isEmpty()) {
            document.put("bounds", report.bounds());
        }
        return document;
    }

    private static Map<String, Object> document(ServerIdentity server) {
        Map<String, Object> document = new LinkedHashMap<>();
        server.systemIdentifier().ifPresent(identifier -> document.put("systemIdentifier", identifier));
        document.put("databaseOid", server.databaseOid());
        document.put("database", server.database());
        document.put("serverStartedAt", server.serverStartedAt().toString());
        return document;
    }

    /**
     * The report in a document.
     *
     * @throws InvalidSettingsException if it isn't one
     */
    public static InstanceReport report(Map<String, ?> document) {
        try {
            return InstanceReport.builder(
                            new DatabaseName(text(document, "database")),
                            text(document, "service"),
                            text(document, "instance"))
                    .state(InstanceState.named(text(document, "state")))
                    .version(number(document, "version"))
                    .acknowledgedVersion(number(document, "acknowledgedVersion"))
                    .endpoint(text(document, "endpoint"))
                    .pollInterval(Duration.ofMillis(number(document, "pollIntervalMillis")))
                    .heartbeat(Duration.ofMillis(number(document, "heartbeatMillis")))
                    .sequence(number(document, "sequence"))
                    .since(time(document, "since"))
                    .reportedAt(time(document, "reportedAt"))
                    .pool(pool(document.get("pool") instanceof Map<?, ?> map ? map : Map.of()))
                    .cutConnections(number(document, "cutConnections"))
                    .lastError(optionalText(document, "lastError"))
                    .clientVersion(text(document, "clientVersion"))
                    .protocol((int) number(document, "protocol"))
                    .server(
                            document.get("server") instanceof Map<?, ?> map
                                    ? Optional.of(server(map))
                                    : Optional.empty())
                    .problem(problem(document))
                    .refusedVersion(
                            document.containsKey("refusedVersion")
                                    ? Optional.of(number(document, "refusedVersion"))
                                    : Optional.empty())
                    .bounds(bounds(document))
                    .build();
        } catch (DateTimeException e) {
            throw new InvalidSettingsException("a report has an unreadable time: " + e.getMessage());
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException("a report is unreadable: " + e.getMessage());
        }
    }

    private static PoolFigures pool(Map<?, ?> pool) {
        return new PoolFigures(
                (int) number(pool, "active"), (int) number(pool, "idle"), (int) number(pool, "waiting"), (int)
                        number(pool, "maximumSize"));
    }

    private static ServerIdentity server(Map<?, ?> server) {
        return new ServerIdentity(
                optionalText(server, "systemIdentifier"),
                number(server, "databaseOid"),
                text(server, "database"),
                time(server, "serverStartedAt"));
    }

    private static Optional<PoolProblem> problem(Map<?, ?> document) {
        return optionalText(document, "problem").map(cause -> new PoolProblem(cause, time(document, "problemSince")));
    }

    private static Map<String, List<String>> bounds(Map<?, ?> document) {
        Map<String, List<String>> bounds = new LinkedHashMap<>();
        if (document.get("bounds") instanceof Map<?, ?> map) {
            map.forEach((kind, values) -> {
                if (values instanceof List<?> list) {
                    bounds.put(
                            String.valueOf(kind),
                            list.stream().map(String::valueOf).toList());
                }
            });
        }
        return bounds;
    }

    private static Instant time(Map<?, ?> document, String name) {
        return Instant.parse(text(document, name));
    }

    private static Optional<String> optionalText(Map<?, ?> document, String name) {
        return document.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
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
