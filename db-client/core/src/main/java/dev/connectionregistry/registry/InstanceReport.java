package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an instance last wrote about itself. To be made by a {@link #builder}, so that another attribute changes no caller.
 *
 * @param database which database's fleet it belongs to
 * @param service the program, such as {@code checkout}
 * @param instance this running process, unique within the service
 * @param state what it is doing
 * @param version the version its pool serves; 0 while there is none
 * @param acknowledgedVersion the newest version it has read and understood, whether or not it could open a pool for it
 * @param endpoint where its pool is connected, as text; empty while there is none
 * @param pollInterval the interval it polls with now
 * @param heartbeat how often it reports when nothing changes
 * @param sequence counts this process's reports from 1; a reader that sees it change knows that the instance lives,
 *     whatever the clocks say
 * @param since when {@code state} or {@code version} last changed, by the instance's clock
 * @param reportedAt when this was written: for its writer by the instance's clock, for a reader by the reader's own, as far
 *     as the registry can tell the difference
 * @param pool its pool's figures
 * @param cutConnections connections of replaced pools that were cut at the end of their grace, since the process started
 * @param lastError what last went wrong, without secrets; kept until the next success; empty if nothing did
 * @param clientVersion the release of db-client
 * @param protocol what the client can take part in: {@link #PLAIN_PROTOCOL} or more
 * @param server which server its pool has really reached; empty if there is no pool, or from a client that doesn't say
 * @param problem what is wrong now with the pool that serves; empty while it works, or from a client that doesn't say
 * @param refusedVersion the version of settings that it can't use; empty if there is none, or from a client that doesn't say
 * @param bounds what its owner lets settings say, by kind of bound; empty from a
 *     client that doesn't say
 * @param incarnation differs between any two data sources, even if they report under one name; empty from a client that
 *     doesn't say
 * @param heldCommitment by which it can prove beside its reports that it is HELD; empty unless it is READY or
 *     in a hold, or from a client that can't
 */
public record InstanceReport(
        DatabaseName database,
        String service,
        String instance,
        InstanceState state,
        long version,
        long acknowledgedVersion,
        String endpoint,
        Duration pollInterval,
        Duration heartbeat,
        long sequence,
        Instant since,
        Instant reportedAt,
        PoolFigures pool,
        long cutConnections,
        Optional<String> lastError,
        String clientVersion,
        int protocol,
        Optional<ServerIdentity> server,
        Optional<PoolProblem> problem,
        Optional<Long> refusedVersion,
        Map<String, List<String>> bounds,
        Optional<String> incarnation,
        Optional<HeldCommitment> heldCommitment) {

    /** Copies the bounds. */
    public InstanceReport {
        bounds = Map.copyOf(bounds);
    }

    /** Of a plain member: it follows moves, but holds no callers. */
    public static final int PLAIN_PROTOCOL = 1;

    /** What this release's data source can take part in. */
    public static final int PROTOCOL = 2;

    /** The least that a cutover needs: a member that holds its callers. */
    public static final int CUTOVER_PROTOCOL = 2;

    /** How many heartbeats without a report make an instance silent. */
    public static final int SILENT_AFTER_HEARTBEATS = 3;

    /** By service, then instance. */
    public static final Comparator<InstanceReport> BY_NAME =
            Comparator.comparing(InstanceReport::service).thenComparing(InstanceReport::instance);

    private static final int APPLICATION_NAME_BYTES = 63;

    /**
     * What an instance's sessions are called in {@code pg_stat_activity}: {@code service/instance} in the 63 bytes that Postgres
     * keeps; what is too long loses the end of the service and the beginning of the instance, since names of instances differ
     * at their end.
     */
    public static String applicationName(String service, String instance) {
        if (service.length() + 1 + instance.length() <= APPLICATION_NAME_BYTES) {
            return service + "/" + instance;
        }
        String head = service.substring(0, Math.min(service.length(), APPLICATION_NAME_BYTES / 3)) + "/";
        int room = APPLICATION_NAME_BYTES - head.length();
        return head + instance.substring(Math.max(0, instance.length() - room));
    }

    /** {@code service/instance}. */
    public String name() {
        return service + "/" + instance;
    }

    /** As if written at another time. */
    public InstanceReport withReportedAt(Instant time) {
        return toBuilder().reportedAt(time).build();
    }

    /** As if by an instance of another name; for readers to whom two processes report under one. */
    public InstanceReport withInstance(String other) {
        return new InstanceReportBuilder(this, other).build();
    }

    /** A report of an instance that has just started and has nothing to tell yet; to be filled in. */
    public static InstanceReportBuilder builder(DatabaseName database, String service, String instance) {
        return new InstanceReportBuilder(database, service, instance);
    }

    /** This report, to be changed. */
    public InstanceReportBuilder toBuilder() {
        return new InstanceReportBuilder(this);
    }

    /**
     * Whether, at {@code now} by the reader's clock, the report is older than three heartbeats. Clocks differ: a reader
     * that can watch should prefer a change of {@link #sequence}.
     */
    public boolean isSilentAt(Instant now) {
        return Duration.between(reportedAt, now).compareTo(heartbeat.multipliedBy(SILENT_AFTER_HEARTBEATS)) > 0;
    }
}
