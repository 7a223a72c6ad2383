package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.server.Side;
import java.util.List;

/** All checks of the group replication. */
public final class ReplicationChecks {
    /** In the order in which they are made. */
    public static final List<ServerCheck> ALL = List.of(
            new WalLevelCheck(Side.SOURCE),
            new WalLevelCheck(Side.TARGET),
            SourceRoomCheck.ofSlots(),
            SourceRoomCheck.ofSenders(),
            new WorkersCheck(),
            new ReplicaIdentityCheck(),
            new SubscriptionCheck(),
            new PublicationCheck(),
            new LagCheck(),
            new RowCountsCheck(),
            new OtherSlotsCheck());

    private ReplicationChecks() {}
}
