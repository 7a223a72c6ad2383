package dev.connectionregistry.benchmarks.replication;

import dev.connectionregistry.benchmarks.cutover.side.registry.AdminProgram;
import dev.connectionregistry.benchmarks.cutover.side.registry.Registry;
import dev.connectionregistry.benchmarks.cutover.stage.PrivateFolder;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.LocalPostgres;
import java.util.HashMap;
import java.util.Map;

/** {@code registry-admin replication start} of the built distribution, a process of its own, whose start is part of the time. */
final class WithStart implements Way {
    private static final String VARIABLE = "BENCHMARK_OPERATOR_PASSWORD";

    private final AdminProgram admin;
    private final String target;
    private final String plan;

    private WithStart(AdminProgram admin, String target, String plan) {
        this.admin = admin;
        this.target = target;
        this.plan = plan;
    }

    /** Puts the database into the registry; {@code folder} and {@code dynamo} stay the caller's. */
    static WithStart open(LocalDynamoDb dynamo, Servers servers, AdminProgram program, PrivateFolder folder) {
        Map<String, String> environment = new HashMap<>(new Registry(dynamo).environment());
        environment.put(VARIABLE, servers.operator().password());
        AdminProgram admin = program.with(environment);
        admin.run("init");
        admin.run(
                "add",
                BenchmarkTables.DATABASE,
                "--endpoint",
                endpoint(servers.old()) + "/" + BenchmarkTables.DATABASE,
                "--username",
                servers.operator().role(),
                "--password-ref",
                "env:" + VARIABLE);
        return new WithStart(
                admin,
                endpoint(servers.next()),
                folder.path().resolve("plan.yaml").toString());
    }

    private static String endpoint(LocalPostgres server) {
        return server.host() + ":" + server.port();
    }

    @Override
    public String title() {
        return "replication start";
    }

    @Override
    public void prepare() {
        admin.run("replication", "plan", BenchmarkTables.DATABASE, "--target", target, "--file", plan, "--force");
    }

    @Override
    public void copy() {
        admin.run("replication", "start", BenchmarkTables.DATABASE, "--target", target, "--plan", plan);
    }

    @Override
    public void end() {
        admin.run("replication", "stop", BenchmarkTables.DATABASE, "--target", target, "--yes");
    }
}
