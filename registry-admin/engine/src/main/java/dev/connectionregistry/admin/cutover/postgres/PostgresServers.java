package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.ReaderServer;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes the cutover's servers, barriers and signals. Nothing connects before it is used, except {@link #signals}. Every
 * session shows as {@code registry-admin/<run id>} in {@code pg_stat_activity}.
 */
public final class PostgresServers {
    private PostgresServers() {}

    /**
     * The source.
     *
     * @param admin who fences; needs what the package's description says
     * @param service as the services log in; used only to prove that a write by this login is refused
     */
    public static SourceServer.Opener source(Login admin, Login service, String runId) {
        return bound -> PostgresSourceServer.connect(
                admin, service, new PostgresSourceServer.RunName(runId, applicationName(runId)), bound);
    }

    /**
     * What is seen of a fence on the source; takes no lock and changes nothing.
     *
     * @throws ServerException if the server can't be asked within {@code bound}
     */
    public static ObservedFence fence(Login admin, String runId, Duration bound) throws ServerException {
        return FenceInspection.see(admin, applicationName(runId), bound);
    }

    public static TargetServer.Opener target(Login admin, String runId) {
        return bound -> PostgresTargetServer.open(admin, applicationName(runId), bound);
    }

    /** A server from which a name only reads; {@code admin} has one host, and needs to see a standby's timeline: pg_monitor. */
    public static ReaderServer.Opener reader(Login admin, String runId) {
        return bound -> PostgresReaderServer.open(admin, applicationName(runId), bound);
    }

    /**
     * Waits for Postgres' own logical replication.
     *
     * @param subscriptionOrSlot one of the target's subscriptions, or its slot on the source; null for all of them
     * @param sourceAdmin may read {@code pg_replication_slots}, as every role may
     * @param targetAdmin may read {@code pg_subscription}
     */
    public static Barrier logicalReplication(
            @Nullable String subscriptionOrSlot, Login sourceAdmin, Login targetAdmin, String runId) {
        return new LogicalReplicationBarrier(subscriptionOrSlot, sourceAdmin, targetAdmin, applicationName(runId));
    }

    /** Waits for a query on {@code login}'s server to return true; its answer is trusted. */
    public static Barrier sql(String query, Login login, String runId) {
        return new SqlBarrier(query, login, applicationName(runId));
    }

    /**
     * Waits for a program to exit with 0; its answer is trusted. It has this process's environment, and the position in
     * {@code REGISTRY_WAL_POSITION}.
     *
     * @param withheld the names of variables that it is not given, such as those with our own passwords
     */
    public static Barrier command(List<String> programAndArguments, Set<String> withheld) {
        return new CommandBarrier(programAndArguments, withheld);
    }

    /** Waits for nothing. */
    public static Barrier none() {
        return new NoBarrier();
    }

    /** Signals over the server of {@code login}, on the run's channel; starts a thread, which the caller ends by closing it. */
    public static CoordinatorSignals signals(Login login, String runId) {
        return PostgresSignals.start(login, applicationName(runId), runId);
    }

    private static String applicationName(String runId) {
        return "registry-admin/" + runId;
    }
}
