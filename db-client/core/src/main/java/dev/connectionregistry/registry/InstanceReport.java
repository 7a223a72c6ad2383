package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What an instance last wrote about itself. Create it with a {@link #builder}, so that callers needn't change when an
 * attribute is added.
 *
 * @param database the database whose fleet it belongs to
 * @param service its program, such as {@code checkout}
 * @param instance this running process, unique within the service
 * @param state what it is doing
 * @param version the version its pool serves; 0 while there is none
 * @param acknowledgedVersion the newest version it has read and understood, whether or not it could open a pool for it
 * @param endpoint where its pool is connected, as text; empty while there is none
 * @param pollInterval its current poll interval
 * @param heartbeat how often it reports when nothing changes
 * @param sequence counts this process's reports from 1; a reader that sees it change knows that the instance is alive,
 *     whatever the clocks say
 * @param since when {@code state} or {@code version} last changed, by the instance's clock
 * @param reportedAt when this was written: to its writer by the instance's clock; to a reader by the reader's clock, as
 *     far as the registry can tell the difference between the two
 * @param pool its pool's figures
 * @param cutConnections connections of replaced pools that were cut at the end of their grace, since the process started
 * @param lastError the last error, without secrets, kept until the next success; empty if there is none
 * @param clientVersion the release of db-client
 * @param protocol what the client supports: {@link #PLAIN_PROTOCOL} or more
 * @param server the server that its pool really reached; empty if there is no pool, or if the client doesn't report it
 * @param problem what is wrong now with its current pool; empty if nothing is, or if the client doesn't report it
 * @param refusedVersion the version of settings that it can't use; empty if there is none, or if the client doesn't
 *     report it
 * @param bounds what its owner allows settings to say, by kind of bound; empty if the client doesn't report it
 * @param incarnation differs between any two data sources, even if they report under one name; empty if the client
 *     doesn't report it
 * @param heldCommitment what lets it prove without its reports that it is HELD; empty unless it is READY or in a hold,
 *     or if the client doesn't support it
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

    public InstanceReport {
        bounds = Map.copyOf(bounds);
    }

    /** The protocol of a plain member: it follows moves, but doesn't hold its callers. */
    public static final int PLAIN_PROTOCOL = 1;

    /** The protocol of this release's data source. */
    public static final int PROTOCOL = 2;

    /** The lowest protocol that a cutover needs: the member holds its callers. */
    public static final int CUTOVER_PROTOCOL = 2;

    /** How many heartbeats without a report make an instance silent. */
    public static final int SILENT_AFTER_HEARTBEATS = 3;

    /** Orders by service, then by instance. */
    public static final Comparator<InstanceReport> BY_NAME =
            Comparator.comparing(InstanceReport::service).thenComparing(InstanceReport::instance);

    private static final int APPLICATION_NAME_BYTES = 63;

    /**
     * The name of an instance's sessions in {@code pg_stat_activity}: {@code service/instance}, limited to the 63 bytes
     * that Postgres keeps. If it is too long, the end of the service and the beginning of the instance are cut off,
     * since names of instances differ at their end.
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

    /** This report with another time. */
    public InstanceReport withReportedAt(Instant time) {
        return toBuilder().reportedAt(time).build();
    }

    /** This report with another instance name; for readers that find two processes under one name. */
    public InstanceReport withInstance(String other) {
        return new InstanceReportBuilder(this, other).build();
    }

    /** The report of an instance that has just started and has nothing to report yet; to be filled in. */
    public static InstanceReportBuilder builder(DatabaseName database, String service, String instance) {
        return new InstanceReportBuilder(database, service, instance);
    }

    /** A builder that starts from this report. */
    public InstanceReportBuilder toBuilder() {
        return new InstanceReportBuilder(this);
    }

    /**
     * Whether the report is older than three heartbeats at {@code now} on the reader's clock. Clocks differ, so a
     * reader that can watch should check whether {@link #sequence} changes.
     */
    public boolean isSilentAt(Instant now) {
        return Duration.between(reportedAt, now).compareTo(heartbeat.multipliedBy(SILENT_AFTER_HEARTBEATS)) > 0;
    }
}
