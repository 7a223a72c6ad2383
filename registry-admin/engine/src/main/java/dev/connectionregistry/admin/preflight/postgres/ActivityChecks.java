package dev.connectionregistry.admin.preflight.postgres;

import java.util.List;

/** All checks of the group activity. */
public final class ActivityChecks {
    /** In the order in which they are made. */
    public static final List<ServerCheck> ALL = List.of(
            new PreparedTransactionsCheck(),
            new LongTransactionsCheck(),
            new ForeignSessionsCheck(),
            new ReplicationSessionsCheck(),
            new SourceWorkersCheck());

    private ActivityChecks() {}
}
