package dev.connectionregistry.admin.preflight.postgres;

import java.util.List;

/** All checks of the group schema. */
public final class SchemaChecks {
    /** In the order in which they are made. */
    public static final List<ServerCheck> ALL = List.of(
            new SchemaCheck(),
            new ExtensionsCheck(),
            new InvalidIndexesCheck(),
            new UnloggedTablesCheck(),
            new TargetTriggersCheck(),
            new SearchPathCheck(),
            new MaterializedViewsCheck());

    private SchemaChecks() {}
}
