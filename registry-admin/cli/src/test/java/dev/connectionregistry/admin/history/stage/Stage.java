package dev.connectionregistry.admin.history.stage;

import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.fence.FencePlanCodec;
import dev.connectionregistry.admin.cutover.fence.FenceStatements;
import dev.connectionregistry.admin.history.check.Contents;
import dev.connectionregistry.admin.history.check.Expected;
import dev.connectionregistry.admin.history.check.HistoryChecker;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.server.FenceMark;
import dev.connectionregistry.local.TcpGate;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;

/**
 * One scenario: a database of its own on both servers, replicated from the source to the target, in the registry, with a fleet at
 * work. For one thread. Closing it ends every process and drops what it made on the servers.
 */
public final class Stage implements AutoCloseable {
    /** How long a caller waits for a connection at most, by the settings. */
    public static final Duration CONNECTION_TIMEOUT = Duration.ofSeconds(15);

    /** The hold budget that cutovers have if nothing else is said. */
    public static final Duration HOLD_BUDGET = Duration.ofSeconds(5);

    /** How long any operation may take: nobody waits at a gate for longer than twice the budget. */
    public static final Duration OPERATION_LIMIT = HOLD_BUDGET.multipliedBy(2).plusSeconds(5);

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);

    private final Cleanup cleanup = new Cleanup();
    private final Servers servers;
    private final String name;
    private final Database source;
    private final Database target;
    private Replication replication;
    private final TcpGate gateOfFirst;
    private final List<String> configuredSource;
    private final List<String> configuredTarget;
    private final Fleet fleet;

    private Stage(Servers servers, String name) throws SQLException, InterruptedException {
        this.servers = servers;
        this.name = name;
        try {
            source = Database.create(servers.source(), name, servers.password());
            cleanup.add(source::drop);
            target = Database.create(servers.target(), name, servers.password());
            cleanup.add(target::drop);
            source.openAccounts();
            replication = cleanup.add(Replication.copying("forward_" + name, name, source, target));
            configuredSource = source.configuration();
            configuredTarget = target.configuration();
            gateOfFirst = cleanup.add(servers.registry().gate());
            require(addition(name, source).toArray(String[]::new));
            fleet = cleanup.add(new Fleet(name, servers.environment()));
            fleet.start(servers.registry().environment(gateOfFirst));
            fleet.awaitServedBy(source);
        } catch (SQLException | InterruptedException | RuntimeException | Error e) {
            cleanup.close();
            throw e;
        }
    }

    /** Sets the scenario up and waits until every instance of the fleet writes. */
    public static Stage open(Servers servers) throws SQLException, InterruptedException {
        return new Stage(servers, servers.targetDatabase());
    }

    /** {@code add} of a name on this Postgres database. */
    static List<String> addition(String name, Database source) {
        return List.of(
                "add",
                name,
                "--endpoint",
                source.endpoint(),
                "--username",
                Servers.ROLE,
                "--password-ref",
                "env:" + Servers.ROLE_PASSWORD,
                "--poll-interval",
                "200ms",
                "--maximum-size",
                "6",
                "--connection-timeout",
                CONNECTION_TIMEOUT.toSeconds() + "s",
                "--property",
                "socketTimeout=15");
    }

    /** The database's name in the registry and on both servers. */
    public String name() {
        return name;
    }

    /** The database on the source. */
    public Database source() {
        return source;
    }

    /** The database on the target. */
    public Database target() {
        return target;
    }

    /** What could be set on one of the databases before anything happened. */
    List<String> configured(Database database) {
        return database.port() == source.port() ? configuredSource : configuredTarget;
    }

    /** The other of the two. */
    public Database other(Database database) {
        return database.port() == source.port() ? target : source;
    }

    /** What brings the source's changes to the target. */
    public Replication replication() {
        return replication;
    }

    /** The registry. */
    public Registry registry() {
        return servers.registry();
    }

    /** What the first instance of the fleet, and nobody else, reaches the registry through. */
    public TcpGate registryOfFirst() {
        return gateOfFirst;
    }

    /** The fleet. */
    public Fleet fleet() {
        return fleet;
    }

    /** Starts a command. */
    public Command command(List<String> words) {
        return cleanup.add(Command.start(servers.environment(), words));
    }

    /** Starts a command, of which {@link Command#awaitMoment} then awaits a line. */
    public Command watched(Predicate<String> moment, List<String> words) {
        return cleanup.add(Command.startWatched(servers.environment(), moment, words));
    }

    /** Starts a command that is killed when it says a line for which {@code moment} is true. */
    public Command doomed(Predicate<String> moment, List<String> words) {
        return cleanup.add(Command.startDoomed(servers.environment(), moment, words));
    }

    /** The words of a cutover to the target with these options. */
    public List<String> cutover(String... options) {
        return cutover(target, options);
    }

    /** The words of a cutover to either server with these options. */
    public List<String> cutover(Database to, String... options) {
        List<String> words = new ArrayList<>(List.of("cutover", name, "--to", to.endpoint()));
        words.addAll(credentials(to));
        words.addAll(List.of(options));
        return words;
    }

    /** Who the coordinator is on both servers. */
    public List<String> credentials(Database to) {
        boolean forward = to.port() == target.port();
        return List.of(
                "--admin-username",
                servers.source().superuser(),
                "--admin-password-ref",
                "env:" + (forward ? Servers.SOURCE_PASSWORD : Servers.TARGET_PASSWORD),
                "--target-admin-username",
                servers.target().superuser(),
                "--target-admin-password-ref",
                "env:" + (forward ? Servers.TARGET_PASSWORD : Servers.SOURCE_PASSWORD));
    }

    /**
     * Runs a command that must succeed.
     *
     * @throws IllegalStateException with all it said, if it doesn't
     */
    public Command require(String... words) throws InterruptedException {
        Command command = command(List.of(words));
        if (command.awaitEnd(COMMAND_TIMEOUT) != 0) {
            throw new IllegalStateException("failed: " + command);
        }
        return command;
    }

    /** Has an instance begin a transaction that lasts this long, and waits until it is open on the source. */
    public void straggle(Duration time) {
        fleet.process(1).straggle(time);
        await("that a transaction is open").atMost(COMMAND_TIMEOUT).until(() -> stragglers() == 1);
    }

    /** Waits until that transaction has ended. */
    public void awaitNoStraggler() {
        await("that the transaction has ended").atMost(COMMAND_TIMEOUT).until(() -> stragglers() == 0);
    }

    private int stragglers() throws SQLException {
        return source.strings("""
                SELECT pid::text
                FROM pg_stat_activity
                WHERE datname = current_database() AND query = 'SELECT pg_sleep($1)' AND state = 'active'
                """).size();
    }

    /**
     * After a cutover to {@code to}: lets {@code from} follow it from the slot that the cutover made, takes the fence
     * there down, and waits until a cutover back could begin.
     */
    public void followBack(Database from, Database to, String slot) throws SQLException {
        replication.close();
        replication = cleanup.add(Replication.from(slot, slot, name, to, from));
        replication.awaitCaughtUp();
        from.execute(fenceDown(from).toArray(String[]::new));
    }

    /** The statements that take a fence down, by its record on the server. */
    private static List<String> fenceDown(Database left) throws SQLException {
        try (Connection connection = left.superuser();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("""
                        SELECT shobj_description(oid, 'pg_database')
                        FROM pg_database
                        WHERE datname = current_database()
                        """)) {
            row.next();
            String comment = String.valueOf(row.getString(1));
            String record = comment.substring(comment.indexOf(FenceMark.RECORD) + FenceMark.RECORD.length());
            Map<?, ?> document = (Map<?, ?>) Objects.requireNonNull(Json.read(record), record);
            return FenceStatements.downByHand(
                    FencePlanCodec.plan((Map<?, ?>) Objects.requireNonNull(document.get("plan"), record)));
        }
    }

    /**
     * Ends the fleet and judges its history.
     *
     * @param turns the databases that took writes, in this order; the last one survives
     */
    public Verdict verdict(Database... turns) throws InterruptedException, SQLException {
        fleet.stop();
        List<Contents> found = List.of(source.contents(), target.contents());
        List<Integer> ports = new ArrayList<>();
        for (Database turn : turns) {
            ports.add(turn.port());
        }
        Expected expected = new Expected(
                ports, Database.ACCOUNTS * Database.BALANCE, OPERATION_LIMIT, fleet.killed(), fleet.frozen());
        return HistoryChecker.check(fleet.operations(), found, expected);
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
