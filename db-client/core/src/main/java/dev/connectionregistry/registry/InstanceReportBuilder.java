package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Polling;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Builds an {@link InstanceReport}, which says what each attribute means. For one thread. */
public final class InstanceReportBuilder {
    private final DatabaseName database;
    private final String service;
    private final String instance;
    private InstanceState state = InstanceState.STARTING;
    private long version = 0;
    private long acknowledgedVersion = 0;
    private String endpoint = "";
    private Duration pollInterval = Polling.DEFAULT.interval();
    private Duration heartbeat = Duration.ofSeconds(30);
    private long sequence = 1;
    private Instant since = Instant.EPOCH;
    private Instant reportedAt = Instant.EPOCH;
    private PoolFigures pool = PoolFigures.NONE;
    private long cutConnections = 0;
    private Optional<String> lastError = Optional.empty();
    private String clientVersion = "unknown";
    private int protocol = InstanceReport.PROTOCOL;
    private Optional<ServerIdentity> server = Optional.empty();
    private Optional<PoolProblem> problem = Optional.empty();
    private Optional<Long> refusedVersion = Optional.empty();
    private Map<String, List<String>> bounds = Map.of();
    private Optional<String> incarnation = Optional.empty();
    private Optional<HeldCommitment> heldCommitment = Optional.empty();

    InstanceReportBuilder(DatabaseName database, String service, String instance) {
        this.database = database;
        this.service = service;
        this.instance = instance;
    }

    InstanceReportBuilder(InstanceReport report) {
        this(report, report.instance());
    }

    InstanceReportBuilder(InstanceReport report, String instance) {
        this(report.database(), report.service(), instance);
        state = report.state();
        version = report.version();
        acknowledgedVersion = report.acknowledgedVersion();
        endpoint = report.endpoint();
        pollInterval = report.pollInterval();
        heartbeat = report.heartbeat();
        sequence = report.sequence();
        since = report.since();
        reportedAt = report.reportedAt();
        pool = report.pool();
        cutConnections = report.cutConnections();
        lastError = report.lastError();
        clientVersion = report.clientVersion();
        protocol = report.protocol();
        server = report.server();
        problem = report.problem();
        refusedVersion = report.refusedVersion();
        bounds = report.bounds();
        incarnation = report.incarnation();
        heldCommitment = report.heldCommitment();
    }

    /** What it is doing. */
    public InstanceReportBuilder state(InstanceState value) {
        state = value;
        return this;
    }

    /** The version its pool serves. */
    public InstanceReportBuilder version(long value) {
        version = value;
        return this;
    }

    /** The newest version it has read and understood. */
    public InstanceReportBuilder acknowledgedVersion(long value) {
        acknowledgedVersion = value;
        return this;
    }

    /** Where its pool is connected. */
    public InstanceReportBuilder endpoint(String value) {
        endpoint = value;
        return this;
    }

    /** The interval it polls with. */
    public InstanceReportBuilder pollInterval(Duration value) {
        pollInterval = value;
        return this;
    }

    /** How often it reports when nothing changes. */
    public InstanceReportBuilder heartbeat(Duration value) {
        heartbeat = value;
        return this;
    }

    /** Counts its reports. */
    public InstanceReportBuilder sequence(long value) {
        sequence = value;
        return this;
    }

    /** When state or version last changed. */
    public InstanceReportBuilder since(Instant value) {
        since = value;
        return this;
    }

    /** When it is written. */
    public InstanceReportBuilder reportedAt(Instant value) {
        reportedAt = value;
        return this;
    }

    /** Its pool's figures. */
    public InstanceReportBuilder pool(PoolFigures value) {
        pool = value;
        return this;
    }

    /** How many connections were cut. */
    public InstanceReportBuilder cutConnections(long value) {
        cutConnections = value;
        return this;
    }

    /** What last went wrong. */
    public InstanceReportBuilder lastError(Optional<String> value) {
        lastError = value;
        return this;
    }

    /** The release of db-client. */
    public InstanceReportBuilder clientVersion(String value) {
        clientVersion = value;
        return this;
    }

    /** What the client can take part in. */
    public InstanceReportBuilder protocol(int value) {
        protocol = value;
        return this;
    }

    /** Which server its pool has reached. */
    public InstanceReportBuilder server(Optional<ServerIdentity> value) {
        server = value;
        return this;
    }

    /** What is wrong now with its pool. */
    public InstanceReportBuilder problem(Optional<PoolProblem> value) {
        problem = value;
        return this;
    }

    /** The version that it can't use. */
    public InstanceReportBuilder refusedVersion(Optional<Long> value) {
        refusedVersion = value;
        return this;
    }

    /** What its owner lets settings say. */
    public InstanceReportBuilder bounds(Map<String, List<String>> value) {
        bounds = value;
        return this;
    }

    /** Which data source of this name writes it. */
    public InstanceReportBuilder incarnation(Optional<String> value) {
        incarnation = value;
        return this;
    }

    /** By which it can prove beside its reports that it is HELD. */
    public InstanceReportBuilder heldCommitment(Optional<HeldCommitment> value) {
        heldCommitment = value;
        return this;
    }

    /** The report. */
    public InstanceReport build() {
        return new InstanceReport(
                database,
                service,
                instance,
                state,
                version,
                acknowledgedVersion,
                endpoint,
                pollInterval,
                heartbeat,
                sequence,
                since,
                reportedAt,
                pool,
                cutConnections,
                lastError,
                clientVersion,
                protocol,
                server,
                problem,
                refusedVersion,
                bounds,
                incarnation,
                heldCommitment);
    }
}
