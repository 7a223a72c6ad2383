package dev.connectionregistry.admin.preflight.postgres;

import java.util.List;

/** All checks of the group data. */
public final class DataChecks {
    /** In the order in which they are made. */
    public static final List<ServerCheck> ALL = List.of(
            new LargeObjectsCheck(),
            new SequencesEndCheck(),
            new WraparoundCheck(),
            new StatisticsCheck(),
            new BackfillCheck());

    private DataChecks() {}
}
