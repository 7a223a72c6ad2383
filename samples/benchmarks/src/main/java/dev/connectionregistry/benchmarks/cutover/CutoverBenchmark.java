package dev.connectionregistry.benchmarks.cutover;

import dev.connectionregistry.benchmarks.cutover.side.Side;
import dev.connectionregistry.benchmarks.cutover.side.pgbouncer.Pgbouncer;
import dev.connectionregistry.benchmarks.cutover.side.pgbouncer.PgbouncerSide;
import dev.connectionregistry.benchmarks.cutover.side.registry.AdminProgram;
import dev.connectionregistry.benchmarks.cutover.side.registry.RegistrySide;
import dev.connectionregistry.benchmarks.cutover.stage.Progress;
import dev.connectionregistry.benchmarks.cutover.stage.Servers;
import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.local.LocalDynamoDb;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Measures the same cutover with pgbouncer and with Connection Registry. System property from the launcher script:
 * {@code benchmarks.home}, the project's root folder.
 */
public final class CutoverBenchmark {
    private final Options options;
    private final Cleanup cleanup;
    private final Progress progress;

    private CutoverBenchmark(Options options, Cleanup cleanup, Progress progress) {
        this.options = options;
        this.cleanup = cleanup;
        this.progress = progress;
    }

    /** Exit codes: 0 measured, or skipped where there is no pgbouncer; 1 failed; 2 usage; 130 interrupted. */
    public static void main(String[] arguments) throws InterruptedException {
        Program.exit("cutover", () -> run(Options.parse(arguments)));
    }

    private static int run(Options options) throws InterruptedException {
        Optional<Path> pgbouncer = Pgbouncer.find();
        if (options.contenders().contains(Contender.PGBOUNCER) && pgbouncer.isEmpty()) {
            System.err.println(
                    "skipped: there is no pgbouncer in the PATH or in /usr/sbin; install it (Debian's package is"
                            + " called pgbouncer), or measure without it: --only ours");
            return Program.MEASURED;
        }
        return Program.measure((cleanup, progress) -> new CutoverBenchmark(options, cleanup, progress)
                .measure(pgbouncer)
                .lines());
    }

    private Report measure(Optional<Path> pgbouncer) {
        Optional<AdminProgram> admin = options.contenders().contains(Contender.OURS)
                ? Optional.of(AdminProgram.find(Path.of(System.getProperty("benchmarks.home", "")), cleanup))
                : Optional.empty(); // before anything is started
        progress.say("starting servers");
        Servers servers = Servers.start(options.sourceMajor(), options.targetMajor(), cleanup, progress);
        Map<Contender, Side> sides = new EnumMap<>(Contender.class);
        admin.ifPresent(program -> sides.put(Contender.OURS, ours(program, servers)));
        if (options.contenders().contains(Contender.PGBOUNCER)) {
            sides.put(Contender.PGBOUNCER, new PgbouncerSide(pgbouncer.orElseThrow(), cleanup));
        }
        return new Measurement(servers, sides, options, cleanup, progress).run();
    }

    private Side ours(AdminProgram program, Servers servers) {
        LocalDynamoDb dynamo = cleanup.add(LocalDynamoDb.start());
        progress.say("registry: " + dynamo);
        return RegistrySide.open(dynamo, servers, program);
    }
}
