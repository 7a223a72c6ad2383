package dev.connectionregistry.benchmarks.cutover.side.registry;

import dev.connectionregistry.benchmarks.cutover.side.Callers;
import dev.connectionregistry.benchmarks.cutover.side.Side;
import dev.connectionregistry.benchmarks.cutover.stage.DatabasePair;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.LocalDynamoDb;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Instances that find their server in the registry. Immutable. */
public final class RegistrySide implements Side {
    /** Environment variable of the commands: the operator's password. */
    static final String OPERATOR_VARIABLE = "BENCHMARK_OPERATOR_PASSWORD";

    /** Environment variable of the commands: the application's password, with which the fence is tried. */
    private static final String APPLICATION_VARIABLE = "BENCHMARK_APPLICATION_PASSWORD";

    /** Shorter than the default of 30 s, so that a round is short: how long the fleet takes to hear of a cutover. */
    private static final String POLL_INTERVAL = "2s";

    /** Far longer than the time-outs of a cutover's own steps together. */
    private static final Duration CUTOVER_TIMEOUT = Duration.ofMinutes(10);

    private final Registry registry;
    private final Map<String, String> environment;
    private final AdminProgram admin;

    private RegistrySide(Registry registry, Map<String, String> environment, AdminProgram admin) {
        this.registry = registry;
        this.environment = environment;
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
        registry.warmUp();
        return new RegistrySide(registry, Map.copyOf(environment), admin);
    }

    /** The registry that all of this side use. */
    public Registry registry() {
        return registry;
    }

    /** What an instance in a process of its own needs: where the registry is, and the passwords. */
    public Map<String, String> environment() {
        return environment;
    }

    @Override
    public String title() {
        return "Connection Registry";
    }

    @Override
    public Callers connect(DatabasePair pair) {
        return connect(List.of(RegisteredName.of(pair)), Callers.INSTANCES);
    }

    /**
     * The same with several names, which are moved together.
     *
     * @param instances of each name
     */
    public Callers connect(List<RegisteredName> names, int instances) {
        names.forEach(each -> add(each, Callers.POOL_SIZE));
        return Fleet.start(this, names, instances);
    }

    /**
     * Puts the name into the registry, on the source.
     *
     * @throws dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException if that fails
     */
    public void add(RegisteredName name, int poolSize) {
        DatabasePair pair = name.pair();
        String role = pair.servers().application().role();
        String reference = OwnPassword.SCHEME + ":" + APPLICATION_VARIABLE;
        admin.run(("add " + name.name() + " --endpoint " + pair.sourceEndpoint() + " --username " + role
                        + " --password-ref "
                        + reference + " --maximum-size " + poolSize + " --poll-interval "
                        + POLL_INTERVAL + " --property sslmode=disable --property gssEncMode=disable")
                .split(" ", -1));
    }

    /**
     * Moves the names to the target, together, with {@code registry-admin cutover}.
     *
     * @param names at least one, all on the same servers
     * @param more further options
     * @return how that ended
     * @throws dev.connectionregistry.benchmarks.cutover.stage.BenchmarkException if it doesn't in ten minutes
     */
    public CutoverEnd cutOver(List<RegisteredName> names, List<String> more) {
        Servers servers = names.get(0).pair().servers();
        String operator = servers.operator().role();
        String reference = OwnPassword.SCHEME + ":" + OPERATOR_VARIABLE;
        List<String> command = new ArrayList<>(List.of("cutover"));
        names.forEach(each -> command.add(each.name()));
        command.addAll(List.of(
                "--to",
                servers.next().host() + ":" + servers.next().port(),
                "--output",
                "json",
                "--admin-username",
                operator,
                "--admin-password-ref",
                reference,
                "--target-admin-username",
                operator,
                "--target-admin-password-ref",
                reference));
        command.addAll(more);
        return new CutoverEnd(admin.run(CUTOVER_TIMEOUT, command));
    }
}
