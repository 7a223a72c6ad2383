package dev.connectionregistry.core.internal.codec;

import dev.connectionregistry.registry.HeldCommitment;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Reports as documents of plain values, and back. The only place that knows the attributes' names. */
public final class ReportCodec {
    /** A key of the table has at most 1,024 bytes, and these names are part of keys. */
    private static final int LONGEST_NAME = 1_024;

    private static final long LARGEST_OID = 4_294_967_295L;

    private ReportCodec() {}

    /** Makes the document of a report; a new, ordered, mutable map. */
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
        report.incarnation().ifPresent(incarnation -> document.put("incarnation", incarnation));
        report.heldCommitment().ifPresent(commitment -> {
            document.put("heldVersion", commitment.version());
            document.put("heldDigest", commitment.digest());
        });
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
     * Reads the report from a document.
     *
     * @throws InvalidSettingsException if it isn't a report, or an attribute is out of bounds
     */
    public static InstanceReport report(Map<String, ?> document) {
        ReportReader reader = new ReportReader(document);
        return InstanceReport.builder(
                        new DatabaseName(reader.text("database", LONGEST_NAME)),
                        reader.text("service", LONGEST_NAME),
                        reader.text("instance", LONGEST_NAME))
                .state(InstanceState.named(reader.text("state", LONGEST_NAME)))
                .version(reader.number("version", 0, Long.MAX_VALUE))
                .acknowledgedVersion(reader.number("acknowledgedVersion", 0, Long.MAX_VALUE))
                .endpoint(reader.text("endpoint", LONGEST_NAME))
                .pollInterval(reader.millis("pollIntervalMillis", 0))
                .heartbeat(reader.millis("heartbeatMillis", 1))
                .sequence(reader.number("sequence", 0, Long.MAX_VALUE))
                .since(reader.time("since"))
                .reportedAt(reader.time("reportedAt"))
                .pool(reader.child("pool").map(ReportCodec::pool).orElse(PoolFigures.NONE))
                .cutConnections(reader.number("cutConnections", 0, Long.MAX_VALUE))
                .lastError(reader.optionalText("lastError", Integer.MAX_VALUE))
                .clientVersion(reader.text("clientVersion", LONGEST_NAME))
                .protocol((int) reader.number("protocol", 0, Integer.MAX_VALUE))
                .server(reader.child("server").map(ReportCodec::server))
                .problem(reader.optionalText("problem", Integer.MAX_VALUE)
                        .map(cause -> new PoolProblem(cause, reader.time("problemSince"))))
                .refusedVersion(
                        document.get("refusedVersion") == null
                                ? Optional.empty()
                                : Optional.of(reader.number("refusedVersion", 0, Long.MAX_VALUE)))
                .bounds(reader.child("bounds").map(ReportReader::lists).orElse(Map.of()))
                .incarnation(reader.optionalText("incarnation", LONGEST_NAME))
                .heldCommitment(reader.optionalText("heldDigest", LONGEST_NAME)
                        .map(digest -> new HeldCommitment(reader.number("heldVersion", 0, Long.MAX_VALUE), digest)))
                .build();
    }

    private static PoolFigures pool(ReportReader pool) {
        return new PoolFigures(
                pool.count("active"), pool.count("idle"), pool.count("waiting"), pool.count("maximumSize"));
    }

    private static ServerIdentity server(ReportReader server) {
        return new ServerIdentity(
                server.optionalText("systemIdentifier", LONGEST_NAME),
                server.number("databaseOid", 0, LARGEST_OID),
                server.text("database", LONGEST_NAME),
                server.time("serverStartedAt"));
    }
}
