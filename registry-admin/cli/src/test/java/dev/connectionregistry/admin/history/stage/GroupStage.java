package dev.connectionregistry.admin.history.stage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.history.check.Expected;
import dev.connectionregistry.admin.history.check.HistoryChecker;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.service.HistoryService;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.VersionedSettings;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * One scenario of a group: three names over two Postgres databases, orders and reports on one and billing on the other, each with a
 * service at work; and orders-ro on standbys, if the servers have them. For one thread. Closing it ends every process and drops what it made on the servers.
 */
public final class GroupStage implements AutoCloseable {
    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(60);
    private static final String READ_ONLY = "25006";
    private static final int WRITERS = 4;

    private final Cleanup cleanup = new Cleanup();
    private final Servers servers;
    private final List<Side> sides = new ArrayList<>();
    private final String orders;
    private final String reports;
    private final String billing;
    private final Optional<Reader> reader;

    /** A name on a standby of the source, which goes to a standby of the target. */
    record Reader(String name, Database source, Database target) {
        private Database serving(boolean switched) {
            return switched ? target : source;
        }
    }

    /** One Postgres database on both servers, and the services that use it under these names. */
    private record Side(
            List<String> names,
            Database source,
            Database target,
            List<String> configuredSource,
            List<String> configuredTarget,
            Fleet fleet) {
        private Database serving(boolean switched) {
            return switched ? target : source;
        }

        private Verdict verdict(boolean switched) throws SQLException, InterruptedException {
            fleet.stop();
            List<Integer> turns = switched ? List.of(source.port(), target.port()) : List.of(source.port());
            Expected expected = new Expected(
                    turns, Database.ACCOUNTS * Database.BALANCE, Stage.OPERATION_LIMIT, fleet.killed(), fleet.frozen());
            return HistoryChecker.check(fleet.operations(), List.of(source.contents(), target.contents()), expected);
        }
    }

    private GroupStage(Servers servers, String orders, int writers) throws SQLException, InterruptedException {
        this.servers = servers;
        this.orders = orders;
        this.reports = orders.replace("orders", "reports");
        this.billing = orders.replace("orders", "billing");
        try {
            sides.add(side(List.of(orders, reports), writers));
            sides.add(side(List.of(billing), writers));
            reader = servers.sourceStandby().isPresent() ? Optional.of(reader(sides.get(0))) : Optional.empty();
        } catch (SQLException | InterruptedException | RuntimeException | Error e) {
            cleanup.close();
            throw e;
        }
    }

    /** Sets the scenario up and waits until every service writes. */
    public static GroupStage open(Servers servers) throws SQLException, InterruptedException {
        return new GroupStage(servers, servers.targetDatabase(), WRITERS);
    }

    /** The same without a service at work. */
    static GroupStage withoutServices(Servers servers) throws SQLException, InterruptedException {
        return new GroupStage(servers, servers.targetDatabase(), 0);
    }

    private Side side(List<String> names, int writers) throws SQLException, InterruptedException {
        String database = names.get(0);
        Database source = Database.create(servers.source(), database, servers.password());
        cleanup.add(source::drop);
        Database target = Database.create(servers.target(), database, servers.password());
        cleanup.add(target::drop);
        source.openAccounts();
        cleanup.add(Replication.copying("forward_" + database, database, source, target));
        List<String> configuredSource = source.configuration();
        List<String> configuredTarget = target.configuration();
        Fleet fleet = cleanup.add(new Fleet(database, servers.environment()));
        for (String name : names) {
            add(Stage.addition(name, source));
            if (writers > 0) {
                fleet.add("of-" + name, "1", writers, Map.of(HistoryService.DATABASE, name));
            }
        }
        fleet.awaitServedBy(source);
        return new Side(names, source, target, configuredSource, configuredTarget, fleet);
    }

    private Reader reader(Side primary) throws SQLException, InterruptedException {
        Database source = primary.source.on(servers.sourceStandby().orElseThrow());
        Database target = primary.target.on(servers.targetStandby().orElseThrow());
        String name = orders + "-ro";
        add(Stream.concat(Stage.addition(name, source).stream(), Stream.of("--role", "any"))
                .toList());
        return new Reader(name, source, target);
    }

    private void add(List<String> words) throws InterruptedException {
        Command added = command(words);
        assertThat(added.awaitEnd(COMMAND_TIMEOUT)).as(added::toString).isZero();
    }

    /** The name on standbys, if there is one. */
    Optional<Reader> reader() {
        return reader;
    }

    /** The three names on primaries; the first one is home to the journal of a cutover. */
    public List<String> names() {
        return List.of(orders, billing, reports);
    }

    /** {@code cutover} of all names to the target. */
    public List<String> cutover() {
        return Stream.of(
                        Stream.of("cutover"),
                        names().stream(),
                        reader.stream().map(Reader::name),
                        targets(),
                        credentials())
                .flatMap(each -> each)
                .toList();
    }

    /** {@code cutover resume} or {@code abort} of one of the names. */
    public Command takeOver(String how, String name) {
        Stream<String> targets = how.equals("resume") ? targets() : Stream.of();
        return command(Stream.of(Stream.of("cutover", how, name), targets, credentials())
                .flatMap(each -> each)
                .toList());
    }

    private Stream<String> targets() {
        Stream<String> primaries = Stream.of(
                "--to", servers.target().host() + ":" + servers.target().port());
        return Stream.concat(
                primaries,
                reader.stream().flatMap(each -> Stream.of("--map", each.name + "=" + each.target.endpoint())));
    }

    private Stream<String> credentials() {
        return Stream.of(
                "--admin-username",
                servers.source().superuser(),
                "--admin-password-ref",
                "env:" + Servers.SOURCE_PASSWORD,
                "--target-admin-username",
                servers.target().superuser(),
                "--target-admin-password-ref",
                "env:" + Servers.TARGET_PASSWORD);
    }

    /** Starts a command. */
    public Command command(List<String> words) {
        return cleanup.add(Command.start(servers.environment(), words));
    }

    /** Starts a command that is killed when it says a line for which {@code moment} is true. */
    public Command doomed(Predicate<String> moment, List<String> words) {
        return cleanup.add(Command.startDoomed(servers.environment(), moment, words));
    }

    /** Whether the settings of all names say the target; fails if those of some do. */
    public boolean switched() {
        List<Integer> ports = names().stream()
                .map(name ->
                        servers.registry().settings(name).settings().endpoint().port())
                .distinct()
                .toList();
        assertThat(ports).as("servers that the names are on").hasSize(1);
        boolean switched = ports.get(0) == servers.target().port();
        reader.ifPresent(each -> requireOn(each.name, each.serving(switched)));
        return switched;
    }

    /** Everything is as it must be, wherever the names are now, and no promise was broken; ends the services. */
    public List<Verdict> requireConsistent() throws SQLException, InterruptedException {
        boolean switched = switched();
        List<Verdict> verdicts = new ArrayList<>();
        requireInPlace();
        for (Side side : sides) {
            side.fleet.awaitServedBy(side.serving(switched));
            Verdict verdict = side.verdict(switched);
            System.out.println(side.names + ": " + verdict);
            assertThat(verdict.problems()).as(side.names.toString()).isEmpty();
            verdicts.add(verdict);
        }
        return verdicts;
    }

    /** Settings, locks and fences are as they must be; returns the Postgres databases that serve. */
    List<Database> requireInPlace() throws SQLException {
        boolean switched = switched();
        for (Side side : sides) {
            for (String name : side.names) {
                requireSteady(name, side.serving(switched));
            }
            if (switched) {
                assertThat(side.source.refusal()).contains(READ_ONLY);
            } else {
                assertThat(side.source.refusal()).isEmpty();
                assertThat(side.source.configuration()).isEqualTo(side.configuredSource);
                assertThat(side.target.configuration()).isEqualTo(side.configuredTarget);
            }
        }
        reader.ifPresent(each -> requireSteady(each.name, each.serving(switched)));
        return sides.stream().map(side -> side.serving(switched)).toList();
    }

    /** The Postgres database on the source that {@link #reader} is a standby's of. */
    Database left() {
        return sides.get(0).source;
    }

    private void requireOn(String name, Database serving) {
        assertThat(servers.registry().settings(name).settings().endpoint())
                .as(name)
                .hasToString(serving.endpoint());
    }

    private void requireSteady(String name, Database serving) {
        VersionedSettings settings = servers.registry().settings(name);
        assertThat(settings.transition()).as(name).isEmpty();
        requireOn(name, serving);
        assertThat(settings.settings().polling().isTemporary()).as(name).isFalse();
        assertThat(servers.registry().lock(name).filter(CutoverLock::held))
                .as(name)
                .isEmpty();
    }

    @Override
    public void close() {
        cleanup.close();
    }
}
