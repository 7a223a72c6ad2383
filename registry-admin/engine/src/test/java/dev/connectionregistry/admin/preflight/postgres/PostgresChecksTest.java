package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Every check on real servers: one pair on which it passes, and one on which it doesn't for its own reason. */
@Tag("database-side")
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresChecksTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private final Map<String, Breakage> breakages = Breakages.all();
    private TestPair healthy;
    private Map<String, Finding> onHealthy;

    static List<String> names() {
        return new PostgresChecks(login -> {
                    throw new AssertionError("nobody logs in");
                })
                .all().stream().map(About::name).toList();
    }

    @BeforeAll
    void onePairThatReplicates() throws Exception {
        healthy = TestPair.replicating();
        onHealthy = healthy.look(Set.copyOf(names()));
    }

    @AfterAll
    void close() throws Exception {
        healthy.close();
    }

    @ParameterizedTest
    @MethodSource("names")
    void passesOnAPairThatIsAsItMustBeForARoleWithNoMoreThanTheGrantsInTheReference(String name) {
        assertThat(onHealthy.get(name))
                .satisfies(finding ->
                        assertThat(finding.outcome()).as(finding.message()).isEqualTo(asUsual(name)));
    }

    /** The source is of a major on which only superusers subscribe, and the role isn't one. */
    private static Outcome asUsual(String name) {
        return name.equals("subscription-rights") ? Outcome.WARN : Outcome.PASS;
    }

    @Test
    void warnsBeforeTheCutoverThatTheWayBackTakesASuperuserOfAnOldSource() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            Finding finding = pair.look("subscription-rights");
            assertThat(finding.message())
                    .contains("replication reverse", "on the source role " + TestPair.q(pair.admin), "Postgres 11.");
            assertThat(finding.remedies()).singleElement().satisfies(remedy -> assertThat(remedy.text())
                    .contains("--target-admin-username"));
            pair.source("ALTER ROLE " + TestPair.q(pair.admin) + " SUPERUSER");
            assertThat(pair.look("subscription-rights").outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void findsItsOwnReasonAndPassesOnceItsStatementsAreExecuted(String name) throws Exception {
        assertThat(breakages).as("every check has a pair on which it fails").containsKey(name);
        Breakage breakage = Objects.requireNonNull(breakages.get(name));
        try (TestPair pair = breakage.stage().make()) {
            breakage.breaking().on(pair);
            Finding finding = await(pair, name, breakage);
            assertThat(finding.message()).doesNotContain("hush-hush").doesNotContain("\n");
            if (breakage.mended()) {
                pair.paste(finding);
                Awaitility.await()
                        .atMost(PATIENCE)
                        .pollInterval(Duration.ofMillis(50))
                        .untilAsserted(() -> {
                            Finding after = pair.look(name);
                            assertThat(after.outcome()).as(after.message()).isEqualTo(Outcome.PASS);
                        });
            }
        }
    }

    /** Statistics and workers need a moment. */
    private static Finding await(TestPair pair, String name, Breakage breakage) {
        Awaitility.await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(() -> {
            Finding finding = pair.look(name);
            assertThat(breakage.fits(finding))
                    .as(finding.outcome() + " " + finding.message())
                    .isTrue();
        });
        return pair.look(name);
    }

    @Test
    void breaksNoCheckThatDoesNotExist() {
        assertThat(names()).containsAll(breakages.keySet());
    }

    @Test
    void hasNamesThatCanBeTyped() {
        assertThat(names()).doesNotHaveDuplicates().allMatch(name -> name.matches("[a-z]+(-[a-z]+)*"));
    }

    @Test
    void saysNotYetBeforeReplicationAndNothingFails() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            Map<String, Finding> found = pair.look(Set.copyOf(names()));
            assertThat(withOutcome(found, Outcome.NOT_YET))
                    .containsExactlyInAnyOrder(
                            "subscription", "publication", "replication-lag", "row-counts", "statistics", "backfill");
            assertThat(finding(found, "subscription").remedies())
                    .extracting(Remedy::text)
                    .satisfiesExactly(
                            plan -> assertThat(plan)
                                    .startsWith("replication plan shop --target ")
                                    .contains(" --file shop-replication-plan.yaml --admin-username "),
                            start -> assertThat(start)
                                    .startsWith("replication start shop --target ")
                                    .contains(" --plan shop-replication-plan.yaml --admin-username "));
            assertThat(withOutcome(found, Outcome.FAIL)).isEmpty();
            assertThat(withOutcome(found, Outcome.WARN)).containsExactly("subscription-rights");
        }
    }

    @Test
    void saysOnceThatAServerIsOutOfReachAndChecksNothingThatNeedsIt() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.secret = "wrong";
            Map<String, Finding> found = pair.look(Set.copyOf(names()));
            Set<String> others = new HashSet<>(names());
            others.removeAll(Set.of("source-login", "target-login"));
            assertThat(withOutcome(found, Outcome.FAIL)).containsExactlyInAnyOrder("source-login", "target-login");
            assertThat(withOutcome(found, Outcome.UNKNOWN)).containsExactlyInAnyOrderElementsOf(others);
            assertThat(found.values().stream()
                            .filter(finding -> finding.message().contains("authentication failed")))
                    .hasSize(2);
            assertThat(finding(found, "unlogged-tables").message()).isEqualTo("not checked: needs source-login");
        }
    }

    @Test
    void opensASessionAgainThatWasLostForTheNextCheck() throws Exception {
        try (TestPair pair = TestPair.plain();
                var looking = pair.begin()) {
            pair.look(looking, "source-login");
            pair.source("""
                    SELECT pg_terminate_backend(pid)
                    FROM pg_stat_activity
                    WHERE datname = current_database() AND application_name LIKE 'registry-admin/%'
                    """);
            assertThat(pair.look(looking, "large-objects").message()).contains("could not be checked", "lost");
            assertThat(pair.look(looking, "unlogged-tables").outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void endsACheckThatMeetsALock() throws Exception {
        try (TestPair pair = TestPair.plain();
                var looking = pair.begin()) {
            pair.look(looking, "extensions");
            pair.superuserSession().execute("""
                    BEGIN; \
                    LOCK TABLE pg_catalog.pg_publication_tables IN ACCESS EXCLUSIVE MODE; \
                    LOCK TABLE pg_catalog.pg_extension IN ACCESS EXCLUSIVE MODE""");
            long begun = System.nanoTime();
            Finding finding = pair.look(looking, "extensions", Duration.ofMillis(300));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(2));
            assertThat(finding.message()).contains("could not be checked", "extensions");
        }
    }

    @Test
    void warnsIfTheTimeZoneCannotBeSeenAndSaysWhatShowsIt() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.both("REVOKE SELECT ON pg_catalog.pg_file_settings FROM " + TestPair.q(pair.admin));
            Finding finding = pair.look("server-settings");
            assertThat(finding.outcome()).isEqualTo(Outcome.WARN);
            assertThat(finding.message()).isEqualTo("TimeZone and DateStyle can't be seen");
            pair.paste(finding);
            assertThat(pair.look("server-settings").outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void warnsOfAServicePasswordThatIsNotToBeFoundHere() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.servicePasswordMissing = true;
            Finding finding = pair.look("service-password");
            assertThat(finding.outcome()).isEqualTo(Outcome.WARN);
            assertThat(finding.message()).contains("can't be tried from here", "no resolver for 'x-vault:' passwords");
            assertThat(finding.remedies()).hasSize(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"long-transactions", "foreign-sessions", "source-workers", "preload-libraries"})
    void failsWhatTheRoleCannotSeeAndSaysWhichGrantShowsIt(String name) throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.source("REVOKE pg_monitor FROM " + TestPair.q(pair.admin));
            Finding finding = pair.look(name);
            assertThat(finding.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(finding.message()).startsWith("could not be checked: role ");
            pair.paste(finding);
            assertThat(pair.look(name).outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void namesAUniqueIndexThatWouldDoAsReplicaIdentity() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.source("CREATE TABLE public.\"No key\" (n int NOT NULL, m int)");
            pair.source("CREATE UNIQUE INDEX \"The n\" ON public.\"No key\" (n)");
            pair.source("CREATE UNIQUE INDEX \"A m\" ON public.\"No key\" (m)");
            Finding finding = pair.look("replica-identity");
            assertThat(finding.outcome()).as("it was never updated").isEqualTo(Outcome.WARN);
            assertThat(finding.remedies())
                    .contains(Remedy.onSource("ALTER TABLE public.\"No key\" REPLICA IDENTITY USING INDEX \"The n\";"));
        }
    }

    @Test
    void wantsAReplicaIdentityOnBothServersAndSaysWhereItIsMissing() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.both("CREATE TABLE public.\"No key\" (n int NOT NULL)");
            pair.target("CREATE UNIQUE INDEX \"The n\" ON public.\"No key\" (n)");
            Finding both = pair.look("replica-identity");
            assertThat(both.remedies())
                    .contains(
                            Remedy.onSource("ALTER TABLE public.\"No key\" REPLICA IDENTITY FULL;"),
                            Remedy.onTarget("ALTER TABLE public.\"No key\" REPLICA IDENTITY USING INDEX \"The n\";"));
            pair.source("ALTER TABLE public.\"No key\" REPLICA IDENTITY FULL");
            Finding target = pair.look("replica-identity");
            assertThat(target.outcome()).as("it was never updated").isEqualTo(Outcome.WARN);
            assertThat(target.message()).contains("1 table without on the target");
            pair.paste(target);
            assertThat(pair.look("replica-identity").outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void passesABackfillOnceItsRowsAreThere() throws Exception {
        try (TestPair pair = TestPair.replicating()) {
            pair.both("CREATE TABLE public.old (id bigint PRIMARY KEY)");
            pair.source(
                    "INSERT INTO public.old VALUES (1), (2)",
                    "ALTER PUBLICATION " + TestPair.q(pair.name) + " ADD TABLE public.old");
            pair.both("GRANT SELECT ON public.old TO " + TestPair.q(pair.admin));
            pair.target(
                    "ALTER SUBSCRIPTION " + TestPair.q(pair.name) + " REFRESH PUBLICATION WITH (copy_data = false)");
            assertThat(pair.look("backfill").outcome()).isEqualTo(Outcome.FAIL);
            pair.target("INSERT INTO public.old VALUES (1), (2)");
            Finding brought = pair.look("backfill");
            assertThat(brought.outcome()).as(brought.message()).isEqualTo(Outcome.PASS);
            assertThat(brought.message()).contains("1 table added without a copy");
        }
    }

    @Test
    void takesTheSlotsOfItsOwnCopyForItsOwn() throws Exception {
        try (TestPair pair = TestPair.replicating()) {
            String ours = pair.text("""
                    SELECT 'pg_' || s.oid || '_sync_16999_' || c.system_identifier
                    FROM pg_subscription s, pg_control_system() c
                    WHERE s.subname = (
                      SELECT max(subname)
                      FROM pg_subscription
                      WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database())
                    )
                    """);
            pair.source("SELECT pg_create_logical_replication_slot('" + ours + "', 'pgoutput')");
            Finding own = pair.look("other-slots");
            assertThat(own.outcome()).as(own.message()).isEqualTo(Outcome.PASS);
            pair.source(
                    "SELECT pg_drop_replication_slot('" + ours + "')",
                    "SELECT pg_create_logical_replication_slot('pg_1_sync_16999_1', 'pgoutput')");
            assertThat(pair.look("other-slots").message()).contains("pg_1_sync_16999_1");
            pair.source("SELECT pg_drop_replication_slot('pg_1_sync_16999_1')");
        }
    }

    @Test
    void takesLargeObjectsForTheSameOnlyIfTheirNumbersAreAndNeverForCompared() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.source("SELECT lo_create(4711)");
            pair.target("SELECT lo_create(4712)");
            Finding others = pair.look("large-objects");
            assertThat(others.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(others.message()).contains("with different oids");
            pair.target("SELECT lo_unlink(4712)", "SELECT lo_create(4711)");
            Finding same = pair.look("large-objects");
            assertThat(same.outcome()).isEqualTo(Outcome.WARN);
            assertThat(same.message()).contains("contents aren't compared");
        }
    }

    @ParameterizedTest
    @CsvSource({"17, 18", "18, 11"})
    void canLookAtEverythingOnServersOfOtherMajors(int from, int to) throws Exception {
        try (TestPair pair = TestPair.between(from, to)) {
            Map<String, Finding> found = pair.look(Set.copyOf(names()));
            assertThat(found.values()).noneMatch(finding -> finding.message().contains("could not be checked"));
            boolean back = to < from;
            assertThat(finding(found, "versions").outcome()).isEqualTo(back ? Outcome.WARN : Outcome.PASS);
            assertThat(withOutcome(found, Outcome.FAIL)).isEqualTo(back ? Set.of("subscription-rights") : Set.of());
        }
    }

    private static Finding finding(Map<String, Finding> found, String name) {
        return Objects.requireNonNull(found.get(name));
    }

    private static Set<String> withOutcome(Map<String, Finding> found, Outcome outcome) {
        return found.entrySet().stream()
                .filter(each -> each.getValue().outcome() == outcome)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }
}
