package dev.connectionregistry.admin.preflight.postgres;

import java.util.List;

/** All checks of the group rights. */
public final class RightsChecks {
    /** In the order in which they are made. */
    public static final List<ServerCheck> ALL = List.of(
            new FenceRightsCheck(),
            new LargeObjectWritesCheck(),
            new SequenceRightsCheck(),
            new TableRightsCheck(),
            new RowSecurityCheck(),
            new SlotRightsCheck(),
            new PublicationRightsCheck(),
            new SubscriptionRightsCheck(),
            new ServiceRoleCheck(),
            new ServicePasswordCheck(),
            new ServiceGrantsCheck(),
            new OtherGrantsCheck());

    private RightsChecks() {}
}
