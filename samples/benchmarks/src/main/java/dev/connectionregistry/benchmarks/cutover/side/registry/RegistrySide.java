package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.Side;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.LocalDynamoDb;
import java.util.HashMap;
import java.util.Map;

/** Instances that find their server in the registry. Immutable. */
public final class RegistrySide implements Side {
    /** Environment variable of the commands: the operator's password. */
    static final String OPERATOR_VARIABLE = "BENCHMARK_OPERATOR_PASSWORD";

    /** Environment variable of the commands: the application's password, with which the fence is tried. */
    private static final String APPLICATION_VARIABLE = "BENCHMARK_APPLICATION_PASSWORD";

    /** Shorter than the default of 30 s, so that a round is short: how long the fleet takes to hear of a cutover. */
    private static final String POLL_INTERVAL = "2s";

    private final Registry registry;
    private final AdminProgram admin;

    private RegistrySide(Registry registry, AdminProgram admin) {
        this.registry = registry;
        this.admin = admin;
    }

    /**
     * Makes the registry's table.
     *
     * @param dynamo stays the caller's
     * @throws dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException if the table can't be made
     */
    public static RegistrySide open(LocalDynamoDb dynamo, Servers servers, AdminProgram program) {
        Registry registry = new Registry(dynamo);
        Map<String, String> environment = new HashMap<>(registry.environment());
        environment.put(OPERATOR_VARIABLE, servers.operator().password());
        environment.put(APPLICATION_VARIABLE, servers.application().password());
        AdminProgram admin = program.with(environment);
        admin.run("init");
        return new RegistrySide(registry, admin);
    }

    @Override
    public String title() {
        return "Connection Registry";
    }

    @Override
    public Callers connect(DatabasePair pair) {
        String role = pair.servers().application().role();
        String reference = OwnPassword.SCHEME + ":" + APPLICATION_VARIABLE;
        admin.run(("add " + pair.name() + " --endpoint " + pair.sourceEndpoint() + " --username " + role
                        + " --password-ref "
                        + reference + " --maximum-size " + Callers.POOL_SIZE + " --poll-interval "
                        + POLL_INTERVAL + " --property sslmode=disable --property gssEncMode=disable")
                .split(" ", -1));
        return Fleet.start(registry, admin, pair);
    }
}
