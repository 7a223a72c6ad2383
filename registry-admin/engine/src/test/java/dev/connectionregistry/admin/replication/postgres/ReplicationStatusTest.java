package dev.connectionregistry.admin.replication.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.replication.postgres.reason.PostgresFailureReasons;
import dev.connectionregistry.admin.replication.postgres.verify.VerifyServers;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableState;
import dev.connectionregistry.admin.replication.status.ReplicationWatch;
import dev.connectionregistry.admin.replication.status.ReplicationWatch.StatusOptions;
import dev.connectionregistry.admin.replication.status.StatusReport;
import dev.connectionregistry.admin.replication.status.StatusReport.Problem;
import dev.connectionregistry.local.LogicalReplication;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** On two real servers; the role that looks has no more rights than to log in and read. */
@Tag("database-side")
@Timeout(120)
class ReplicationStatusTest {
    private static final String NAME = LogicalReplication.NAME;

    private static StatusReport look(VerifyServers servers, String... except) {
        return look(servers, text -> {}, except);
    }

    private static StatusReport look(VerifyServers servers, Consumer<String> talk, String... except) {
        return new ReplicationWatch(
                        (pair, bound) -> PostgresReplicationView.open(
                                servers.source.login(servers.source.admin),
                                servers.target.login(servers.target.admin),
                                bound),
                        (pair, bound) -> PostgresFailureReasons.open(
                                servers.source.login(servers.source.admin),
                                servers.target.login(servers.target.admin),
                                bound),
                        new SystemTiming(),
                        new CommandText(() -> "registry-admin"))
                .once(servers.pair(), new StatusOptions(List.of(except), 64 << 20, Duration.ofSeconds(30)), talk);
    }

    private static Stream<String> bad(StatusReport report) {
        return report.problems().stream().filter(Problem::bad).map(Problem::what);
    }

    private static Stream<String> notes(StatusReport report) {
        return report.problems().stream().filter(each -> !each.bad()).map(Problem::what);
    }

    @ParameterizedTest
    @CsvSource({"11, 18", "17, 18", "18, 11"})
    void isHealthyWhereEveryTableFollowsAndKnowsTheLag(int sourceMajor, int targetMajor) throws Exception {
        try (VerifyServers servers = VerifyServers.of(sourceMajor, targetMajor)) {
            servers.replicate().awaitCaughtUp(Duration.ofSeconds(30));
            StatusReport report = look(servers);
            assertThat(report.problems()).isEmpty();
            assertThat(report.healthy()).isTrue();
            assertThat(report.facts().subscriptions()).singleElement().satisfies(each -> {
                assertThat(each.name()).isEqualTo(NAME);
                assertThat(each.worker()).isPositive();
                assertThat(each.applyErrors().isPresent()).isEqualTo(targetMajor >= 15);
            });
            assertThat(report.facts().slots()).singleElement().satisfies(each -> {
                assertThat(each.active()).isTrue();
                assertThat(each.behind().orElseThrow()).isLessThan(1 << 20);
                assertThat(each.retained()).isPresent();
                assertThat(each.walStatus()).isEqualTo(sourceMajor >= 13 ? "reserved" : "");
            });
            assertThat(report.facts().tables()).singleElement().satisfies(each -> assertThat(each.state())
                    .isEqualTo(TableState.FOLLOWING));
            assertThat(report.ours()).as("made by hand").isEmpty();
        }
    }

    @Test
    void watchesHowLongTheTargetHasBeenBehindWithoutAnyRight() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            servers.replicate().awaitCaughtUp(Duration.ofSeconds(30));
            servers.target.execute("ALTER SUBSCRIPTION " + NAME + " DISABLE");
            servers.source.execute("INSERT INTO public.orders (what) VALUES ('tea')");
            List<StatusReport> seen = new ArrayList<>();
            new ReplicationWatch(
                            (pair, bound) -> PostgresReplicationView.open(
                                    servers.source.login(servers.source.service),
                                    servers.target.login(servers.target.service),
                                    bound),
                            (pair, bound) -> PostgresFailureReasons.open(
                                    servers.source.login(servers.source.admin),
                                    servers.target.login(servers.target.admin),
                                    bound),
                            new SystemTiming(),
                            new CommandText(() -> "registry-admin"))
                    .watch(
                            servers.pair(),
                            new StatusOptions(List.of(), 64 << 20, Duration.ofSeconds(30)),
                            Duration.ofMillis(200),
                            seen::add,
                            outage -> {},
                            () -> seen.size() < 4);
            assertThat(seen).hasSize(4);
            assertThat(seen.get(3).delay(NAME).orElseThrow()).isBetween(Duration.ofMillis(600), Duration.ofSeconds(20));
            assertThat(seen.get(3).facts().slots().get(0).behind().orElseThrow())
                    .isPositive();
        }
    }

    @Test
    void saysWhatNobodyReplicatesAndWhatIsLeftOutOnPurpose() throws Exception {
        try (VerifyServers servers = VerifyServers.of(11, 18)) {
            servers.execute(
                    "CREATE TABLE public.\"For Gotten\" (id int PRIMARY KEY)",
                    "CREATE TABLE public.parted (id int PRIMARY KEY) PARTITION BY RANGE (id)",
                    "CREATE TABLE public.parted_1 PARTITION OF public.parted FOR VALUES FROM (1) TO (9)",
                    "CREATE TABLE public.later (id int PRIMARY KEY)");
            servers.source.execute("CREATE PUBLICATION " + NAME + " FOR TABLE public.orders, public.parted_1");
            subscribe(servers);
            assertThat(bad(look(servers)))
                    .singleElement()
                    .asString()
                    .contains("public.\"For Gotten\", public.later are not replicated");
            assertThat(look(servers).problems()).anyMatch(each -> each.remedy()
                    .startsWith("give replication start again (add them to the plan first if they aren't in it)"));
            assertThat(look(servers, "For Gotten", "later").healthy()).isTrue();
            servers.source.execute("ALTER PUBLICATION " + NAME + " ADD TABLE public.later");
            assertThat(bad(look(servers, "For Gotten")))
                    .singleElement()
                    .asString()
                    .contains("public.later is published, but no subscription contains it");
            servers.target.execute("DROP SUBSCRIPTION " + NAME);
        }
    }

    @Test
    void countsNoTableAsPublishedThatSomebodysPublicationCuts() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            servers.execute("CREATE TABLE public.parcels (id int PRIMARY KEY, \"to whom\" text, at date)");
            servers.source.execute(
                    "CREATE PUBLICATION " + NAME + " FOR TABLE public.orders WHERE (id > 3), public.parcels (id, at)");
            subscribe(servers);
            assertThat(bad(look(servers)))
                    .singleElement()
                    .asString()
                    .contains("public.orders (only where (id > 3)", "public.parcels (without \"to whom\")");
            assertThat(look(servers, "orders", "parcels").healthy()).isTrue();
            servers.target.execute("DROP SUBSCRIPTION " + NAME);
        }
    }

    /** And waits until every table follows. */
    private static void subscribe(VerifyServers servers) throws Exception {
        String connection = servers.source.server.connectionString(servers.source.name);
        servers.target.execute("""
                CREATE SUBSCRIPTION %1$s
                CONNECTION '%2$s'
                PUBLICATION %1$s
                """.formatted(NAME, connection.replace("'", "''")));
        awaitCopied(servers);
    }

    private static void awaitCopied(VerifyServers servers) {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(50))
                .until(() -> servers.target
                        .query("SELECT count(*) > 0 AND bool_and(srsubstate = 'r') FROM pg_subscription_rel")
                        .equals(List.of("t")));
    }

    @ParameterizedTest
    @CsvSource({"17, 18", "18, 11"})
    void findsAWorkerThatFailsAgainAndAgainAndForgetsItWhenItIsMended(int sourceMajor, int targetMajor)
            throws Exception {
        try (VerifyServers servers = VerifyServers.of(sourceMajor, targetMajor)) {
            servers.replicate();
            servers.target.execute("INSERT INTO public.orders (id) VALUES (5)");
            servers.source.execute("INSERT INTO public.orders (id) VALUES (5)");
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(look(servers).problems()).anySatisfy(each -> {
                        assertThat(each.bad()).isTrue();
                        assertThat(each.what()).containsAnyOf("fails", "has no worker", "comes and goes");
                        assertThat(each.remedy())
                                .contains("duplicate key", "SKIP (lsn", "pg_replication_origin_advance");
                    }));
            servers.target.execute("DELETE FROM public.orders");
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(look(servers).healthy()).isTrue());
            assertThat(notes(look(servers)).anyMatch(each -> each.contains("none recently")))
                    .isEqualTo(targetMajor >= 15);
            await("that one look is enough again")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> {
                        List<String> said = new ArrayList<>();
                        look(servers, said::add);
                        assertThat(said).isEmpty();
                    });
        }
    }

    @Test
    void findsACopyThatFailsAgainAndAgain() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            servers.execute("INSERT INTO public.orders (id) VALUES (5)");
            LogicalReplication replication =
                    LogicalReplication.start(servers.source.server, servers.target.server, servers.source.name);
            await().atMost(Duration.ofSeconds(40))
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> assertThat(bad(look(servers)))
                            .anyMatch(each -> each.contains("fails again and again"))
                            .anyMatch(each -> each.contains("1 of 1 tables don't follow yet")));
            servers.target.execute("TRUNCATE public.orders");
            replication.awaitInitialCopy(Duration.ofSeconds(40)).drop();
        }
    }

    @Test
    void namesDisabledSubscriptionsAndSlotsThatNobodyReads() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            assertThat(bad(look(servers))).containsExactly("the target has no subscription in this database");
            servers.replicate();
            servers.target.execute("ALTER SUBSCRIPTION " + NAME + " DISABLE");
            servers.source.execute(
                    "SELECT pg_create_logical_replication_slot('registry_orders_t0_s1', 'pgoutput')",
                    "SELECT pg_create_logical_replication_slot('somebody_%s', 'test_decoding')"
                            .formatted(servers.source.name));
            servers.target.execute("SELECT pg_create_logical_replication_slot('registry_orders', 'pgoutput')");
            try {
                StatusReport report = look(servers);
                assertThat(bad(report))
                        .containsExactlyInAnyOrder(
                                "subscription \"" + NAME + "\" is disabled, and its slot keeps the source's log",
                                bad(report)
                                        .filter(each -> each.startsWith(
                                                "slot \"registry_orders_t0_s1\" on the source has no reader"))
                                        .findFirst()
                                        .orElse("it has no reader"));
                assertThat(notes(report))
                        .anyMatch(each -> each.contains("somebody_") && each.contains("test_decoding"))
                        .anyMatch(each -> each.contains("is for the way back"));
            } finally {
                servers.source.execute("""
                        SELECT pg_drop_replication_slot(slot_name)
                        FROM pg_replication_slots
                        WHERE database = current_database() AND slot_name <> '%s'
                        """.formatted(NAME));
                servers.target.execute("SELECT pg_drop_replication_slot('registry_orders')");
            }
        }
    }
}
