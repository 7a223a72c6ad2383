package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.server.Side;
import java.util.List;

/** All checks of the group servers. */
public final class ServersChecks {
    /** In the order in which they are made; the logins first. */
    public static final List<ServerCheck> ALL = List.of(
            new LoginCheck(Side.SOURCE),
            new LoginCheck(Side.TARGET),
            new VersionsCheck(),
            new WritableCheck(Side.SOURCE),
            new WritableCheck(Side.TARGET),
            new TargetTlsCheck(),
            new TargetConnectionsCheck());

    private ServersChecks() {}
}
