package dev.connectionregistry.internal.observe;

/** What JMX shows; {@link dev.connectionregistry.status.DataSourceStatus} has the meaning of each value. */
public interface StatusMXBean {
    /** What the data source is doing. */
    String getState();

    /** The version served. */
    long getVersion();

    /** The newest version understood. */
    long getAcknowledgedVersion();

    /** The pool that serves. */
    long getGeneration();

    /** Where it is connected. */
    String getEndpoint();

    /** Where the settings came from. */
    String getSource();

    /** When state, version or endpoint last changed. */
    String getSince();

    /** Milliseconds since the registry last gave a usable answer. */
    long getStalenessMillis();

    /** Milliseconds between reads. */
    long getPollIntervalMillis();

    /** What is wrong now. */
    String getProblem();

    /** What last was wrong. */
    String getLastProblem();

    /** What is wrong with the current pool. */
    String getPoolProblem();

    /** Since when that is so. */
    String getPoolProblemSince();

    /** Connections in use. */
    int getActiveConnections();

    /** Connections not in use. */
    int getIdleConnections();

    /** Callers waiting. */
    int getWaitingCallers();

    /** The largest number of connections. */
    int getMaximumPoolSize();

    /** Connections cut since the start. */
    long getCutConnections();
}
