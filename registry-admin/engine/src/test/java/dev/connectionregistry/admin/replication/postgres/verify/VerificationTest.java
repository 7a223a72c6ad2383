package dev.connectionregistry.admin.replication.postgres.verify;

import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static dev.connectionregistry.admin.replication.postgres.verify.VerifyServers.ALL;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.replication.verify.TableVerdict;
import dev.connectionregistry.admin.replication.verify.TableVerdict.KeyDifference;
import dev.connectionregistry.admin.replication.verify.TableVerdict.KeyDifference.Kind;
import dev.connectionregistry.admin.replication.verify.TableVerdict.Result;
import dev.connectionregistry.admin.replication.verify.VerifyOptions;
import dev.connectionregistry.admin.replication.verify.VerifyReport;
import dev.connectionregistry.local.LogicalReplication;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On two real servers. */
@Tag("database-side")
@Timeout(180)
class VerificationTest {
    private static final String NASTY = "\"My Schema\".\"Ta'b.le \"\"x\"\" é\"";

    private static final String[] SCHEMA = {
        "CREATE SCHEMA \"My Schema\"",
        "CREATE TYPE public.mood AS ENUM ('sad', 'ok')",
        "CREATE TYPE public.measure AS (label text, value float8, parts float4[])",
        "CREATE DOMAIN public.rate AS float8",
        """
        CREATE TABLE public.kinds (
          id bigint PRIMARY KEY, t text, n numeric, f8 float8, f4 float4, f8s float8[],
          ts timestamptz, tsn timestamp, d date, i interval, b bytea, j json, jb jsonb, u uuid,
          m public.measure, ms public.measure[], mo public.mood, mos public.mood[], r public.rate,
          rs public.rate[], p point, po polygon, mon money, ch char(5), bo boolean, ip inet, ir int4range,
          nr numrange, tr tstzrange, ts2 text[], bi bit(5), c "char", reg regclass
        )
        """,
        "CREATE TABLE public.pairs (shop text, number int, what text, PRIMARY KEY (shop, number))",
        "CREATE TABLE " + NASTY + " (\"Ke y\" uuid PRIMARY KEY, \"va\"\"l\" text)",
        "CREATE TABLE public.times (at timestamptz PRIMARY KEY, v int)",
        "CREATE TABLE public.floats (f float8 PRIMARY KEY, v int)",
        "CREATE TABLE public.bytes (b bytea PRIMARY KEY, v int)",
        "CREATE TABLE public.parted (id bigint, at date, v text, PRIMARY KEY (id, at)) PARTITION BY RANGE (at)",
        "CREATE TABLE public.parted_1 PARTITION OF public.parted FOR VALUES FROM ('2026-01-01') TO ('2026-06-01')",
        "CREATE TABLE public.parted_2 PARTITION OF public.parted FOR VALUES FROM ('2026-06-01') TO ('2027-01-01')",
        "CREATE TABLE public.nothing (id int PRIMARY KEY)",
        "CREATE TABLE public.nokey (a int, b text)",
        "CREATE TABLE public.still (a int, b text)",
        "CREATE TABLE public.uniq (a int NOT NULL, b text)",
        "CREATE UNIQUE INDEX uniq_a ON public.uniq (a)",
        "ALTER TABLE public.uniq REPLICA IDENTITY USING INDEX uniq_a",
        "CREATE TABLE public.big (id int PRIMARY KEY, t text)"
    };

    private static final String[] ROWS = {
        """
        INSERT INTO public.kinds
        SELECT g, 'text ' || g, g / 7.0, g / 7.0::float8, (g / 7.0)::float4,
          ARRAY[g / 3.0::float8, NULL, 'NaN'],
          '2026-01-01 00:00:00+00'::timestamptz + g * interval '1 hour 0.000001 s',
          '2026-01-01'::timestamp + g * interval '1 s', '2026-01-01'::date + g, g * interval '1 mon 2 days 0.1 s',
          decode(md5(g::text), 'hex'), ('{"b": ' || g || ', "a":  1.0}')::json,
          ('{"b": ' || g || ', "a":  1.0}')::jsonb, md5(g::text)::uuid,
          ROW('l', g / 7.0, ARRAY[g / 7.0, 'NaN'])::public.measure,
          ARRAY[ROW('x', g / 9.0, NULL)::public.measure, NULL], 'ok', '{sad,ok}', g / 11.0, ARRAY[g / 11.0],
          point(g / 7.0, -0.0), '((0,0),(1,0.1),(2,3))', g, 'ab', g % 2 = 0, ('10.0.0.' || g % 250)::inet,
          int4range(g, g + 3), numrange(g, g + 1.50), tstzrange('2026-01-01 00:00:00+00', NULL),
          ARRAY['a,b', NULL, '', 'NULL'], B'10101', 'x', 'public.pairs'
        FROM generate_series(1, 2000) g
        """,
        """
        INSERT INTO public.kinds (id, f8, f4, n, t, m)
        VALUES
          (3001, 'NaN', 'NaN', 'NaN', '', ROW(NULL, NULL, NULL)),
          (3002, '-0', '-0', 1.00, NULL, NULL),
          (3003, 'Infinity', '-Infinity', 1.0, 'é\\n'',"', ROW('', -0.0, '{}')),
          (3004, 1e-310, 1e-40, 0, 'x', NULL)
        """,
        "INSERT INTO public.pairs SELECT 'shop, ' || g % 10, g, 'w' FROM generate_series(1, 500) g",
        "INSERT INTO " + NASTY + " SELECT md5(g::text)::uuid, 'v' || g FROM generate_series(1, 100) g",
        """
        INSERT INTO public.times
        SELECT '2026-03-29 00:00:00+00'::timestamptz + g * interval '17 min 0.001 s', g
        FROM generate_series(1, 300) g
        """,
        """
        INSERT INTO public.floats
        SELECT g / 7.0::float8, g FROM generate_series(1, 100) g
        UNION ALL VALUES ('NaN'::float8, 0), ('-0', 0), ('Infinity', 0)
        """,
        "INSERT INTO public.bytes SELECT decode(md5(g::text), 'hex'), g FROM generate_series(1, 50) g",
        "INSERT INTO public.parted SELECT g, '2026-01-01'::date + g % 300, 'v' || g FROM generate_series(1, 600) g",
        "INSERT INTO public.nokey SELECT g % 5, 'n' FROM generate_series(1, 100) g",
        "INSERT INTO public.still SELECT g % 5, 'n' FROM generate_series(1, 100) g",
        "INSERT INTO public.uniq SELECT g, 'u' FROM generate_series(1, 100) g",
        "INSERT INTO public.big SELECT g, repeat(md5(g::text), 10000) FROM generate_series(1, 20) g"
    };

    private static VerifyServers ready(int sourceMajor, int targetMajor) throws Exception {
        VerifyServers servers = VerifyServers.of(sourceMajor, targetMajor).execute(SCHEMA);
        servers.source.execute(
                "CREATE TABLE public.moved (id int PRIMARY KEY, a text, b int)",
                "INSERT INTO public.moved SELECT g, 'a', 2 FROM generate_series(1, 100) g");
        servers.target.execute("CREATE TABLE public.moved (b int, a text, id int PRIMARY KEY)");
        servers.source.execute(ROWS);
        servers.grant("public", "\"My Schema\"");
        servers.replicate().awaitCaughtUp(Duration.ofSeconds(30));
        return servers;
    }

    @ParameterizedTest
    @CsvSource({"11, 18", "17, 18", "18, 11"})
    void findsEverythingEqualWhateverTypesKeysAndNamesThereAre(int sourceMajor, int targetMajor) throws Exception {
        try (VerifyServers servers = ready(sourceMajor, targetMajor)) {
            VerifyReport report = servers.verify(ALL);
            assertThat(report.tables())
                    .allSatisfy(each ->
                            assertThat(each.result()).as(each.toString()).isEqualTo(Result.EQUAL));
            assertThat(report.tables()).hasSize(14);
            assertThat(report.waitedFor()).contains(LogicalReplication.NAME);
            assertThat(VerifyServers.of(report, "public.kinds").sourceRows()).hasValue(2004);
            assertThat(VerifyServers.of(report, "public.nothing").targetRows()).hasValue(0);
            assertThat(VerifyServers.of(report, "public.still").reason()).contains("no key", "as a whole");
            assertThat(VerifyServers.of(report, "public.uniq").keyColumns()).containsExactly("a");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 17})
    void tellsNothingFalseUnderLoadAndStillFindsWhatWasPlanted(int sourceMajor) throws Exception {
        try (VerifyServers servers = ready(sourceMajor, 18);
                VerifyLoad load = new VerifyLoad(servers.source)) {
            for (int round = 0; round < 4; round++) {
                load.awaitWrites(100);
                VerifyReport report = servers.verify(ALL);
                assertThat(report.tables())
                        .allSatisfy(each ->
                                assertThat(each.result()).as(each.toString()).isNotEqualTo(Result.DIFFERENT));
                assertThat(report.tables().stream().filter(each -> each.result() == Result.EQUAL))
                        .extracting(each -> each.table().name())
                        .contains("pairs", "kinds", "parted", "moved");
            }
            servers.target.execute(
                    "UPDATE public.kinds SET t = t || '.' WHERE id = 3004",
                    "DELETE FROM public.kinds WHERE id = 3001",
                    "INSERT INTO public.kinds (id) VALUES (4001)");
            TableVerdict verdict = VerifyServers.of(servers.verify(ALL), "public.kinds");
            assertThat(verdict.result()).isEqualTo(Result.DIFFERENT);
            assertThat(verdict.differences())
                    .extracting(KeyDifference::key, KeyDifference::kind)
                    .containsExactlyInAnyOrder(
                            tuple(List.of("3004"), Kind.OTHER_CONTENT),
                            tuple(List.of("3001"), Kind.MISSING_ON_TARGET),
                            tuple(List.of("4001"), Kind.ONLY_ON_TARGET));
        }
    }

    @Test
    void findsASingleByteInEveryTypeAndAMissingRowInEveryTable() throws Exception {
        try (VerifyServers servers = ready(11, 18)) {
            String[][] changes = {
                {"public.kinds", "UPDATE public.kinds SET f8 = 0 WHERE id = 3002", "3002"}, // from -0
                {"public.kinds", "UPDATE public.kinds SET n = 1.00 WHERE id = 3003", "3003"}, // from 1.0
                {"public.kinds", "UPDATE public.kinds SET t = NULL WHERE id = 3001", "3001"}, // from empty
                {"public.kinds", "UPDATE public.kinds SET m = NULL WHERE id = 3001", "3001"}, // from a row of nulls
                {"public.kinds", "UPDATE public.kinds SET m = ROW('l', 1.0, '{}') WHERE id = 7", "7"},
                {"public.kinds", "UPDATE public.kinds SET f8s[1] = f8s[1] + 1e-9 WHERE id = 8", "8"},
                {"public.kinds", "UPDATE public.kinds SET f8s = '[0:0]={1}' WHERE id = 9", "9"},
                {"public.kinds", "UPDATE public.kinds SET ts = ts + interval '0.000001 s' WHERE id = 10", "10"},
                {"public.kinds", "UPDATE public.kinds SET b = set_byte(b, 3, get_byte(b, 3) # 1) WHERE id = 11", "11"},
                {"public.kinds", "UPDATE public.kinds SET j = '{\"b\": 12, \"a\": 1.0}' WHERE id = 12", "12"
                }, // one blank
                {"public.kinds", "UPDATE public.kinds SET mon = mon + '0.01'::money WHERE id = 13", "13"},
                {"public.kinds", "UPDATE public.kinds SET ts2 = ARRAY['a,b', 'NULL', '', 'NULL'] WHERE id = 14", "14"},
                {"public.kinds", "UPDATE public.kinds SET rs = ARRAY[rs[1] * 1.0000000000000002] WHERE id = 15", "15"},
                {"public.kinds", "UPDATE public.kinds SET mo = 'sad' WHERE id = 16", "16"},
                {"public.pairs", "DELETE FROM public.pairs WHERE number = 77", "shop, 7"},
                {NASTY, "DELETE FROM " + NASTY + " WHERE \"va\"\"l\" = 'v5'", "e4da3b7f-bbce-2345-d777-2b0674a318d5"},
                {"public.times", "DELETE FROM public.times WHERE v = 5", "2026-03-29 01:25:00.005+00"},
                {"public.floats", "DELETE FROM public.floats WHERE f = 'NaN'", "NaN"},
                {"public.bytes", "DELETE FROM public.bytes WHERE v = 5", "\\xe4da3b7fbbce2345d7772b0674a318d5"},
                {"public.parted", "DELETE FROM public.parted WHERE id = 250", "250"},
                {"public.uniq", "DELETE FROM public.uniq WHERE a = 5", "5"},
                {"public.big", "UPDATE public.big SET t = overlay(t PLACING '!' FROM 200000) WHERE id = 5", "5"},
                {"public.moved", "UPDATE public.moved SET a = 'b' WHERE id = 5", "5"}
            };
            for (String[] change : changes) {
                servers.target.execute(change[1]);
            }
            servers.target.execute("DELETE FROM public.still WHERE ctid = '(0,5)'");
            VerifyReport report = servers.verify(keys(50));
            for (String[] change : changes) {
                TableVerdict verdict = VerifyServers.of(report, change[0]);
                assertThat(verdict.differences())
                        .as(change[1])
                        .extracting(each -> each.key().get(0))
                        .contains(change[2]);
            }
            assertThat(VerifyServers.of(report, "public.kinds").differing()).isEqualTo(13);
            TableVerdict still = VerifyServers.of(report, "public.still");
            assertThat(still.result()).isEqualTo(Result.DIFFERENT);
            assertThat(still.reason()).contains("99 rows for 100", "it is unknown which");
        }
    }

    private static VerifyOptions keys(int keys) {
        return new VerifyOptions(
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                OptionalInt.empty(),
                1,
                false,
                Duration.ZERO,
                ALL.patience(),
                ALL.limit(),
                Duration.ZERO,
                keys);
    }

    private static VerifyOptions only(String table, List<String> marks, OptionalInt sample, boolean direct) {
        return new VerifyOptions(
                List.of(table),
                List.of(),
                marks,
                List.of(),
                sample,
                1,
                direct,
                Duration.ZERO,
                Duration.ofSeconds(2),
                ALL.limit(),
                Duration.ZERO,
                5);
    }

    @Test
    void findsAMissingRowAlsoOutsideOfASampleAndContentsOnlyInside() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            servers.execute(
                    "CREATE TABLE public.many (id int PRIMARY KEY, t text)",
                    "INSERT INTO public.many SELECT g, 'x' FROM generate_series(1, 20000) g");
            servers.grant("public");
            servers.target.execute("UPDATE public.many SET t = 'y'");
            TableVerdict sampled = VerifyServers.of(
                    servers.verify(only("many", List.of(), OptionalInt.of(100), false)), "public.many");
            assertThat(sampled.compared()).isEqualTo("1 %");
            assertThat(sampled.differing()).isBetween(100L, 320L);
            servers.target.execute("UPDATE public.many SET t = 'x'", "DELETE FROM public.many WHERE id = 777");
            TableVerdict missing =
                    VerifyServers.of(servers.verify(only("many", List.of(), OptionalInt.of(1), false)), "public.many");
            assertThat(missing.differences())
                    .containsExactly(new KeyDifference(List.of("777"), Kind.MISSING_ON_TARGET));
            assertThat(missing.targetRows()).hasValue(19_999);
            servers.target.execute("TRUNCATE public.many");
            TableVerdict all = VerifyServers.of(
                    servers.verify(only("many", List.of(), OptionalInt.empty(), false)), "public.many");
            assertThat(all.differing()).isBetween(1000L, 1999L);
            assertThat(all.more()).as("it doesn't go on for ever").isTrue();
        }
    }

    @Test
    void comparesOnlyWhatLiesBehindAMark() throws Exception {
        try (VerifyServers servers = VerifyServers.of(11, 18)) {
            servers.execute("CREATE TABLE public.events (\"at=\" timestamp, what text)", """
                    INSERT INTO public.events
                    SELECT '2026-01-01'::timestamp + g * interval '1 day', 'x'
                    FROM generate_series(0, 99) g
                    """);
            servers.grant("public");
            servers.target.execute("DELETE FROM public.events WHERE \"at=\" >= '2026-03-01'");
            List<String> mark = List.of("public.events:at==2026-03-01");
            TableVerdict behind =
                    VerifyServers.of(servers.verify(only("events", mark, OptionalInt.empty(), false)), "public.events");
            assertThat(behind.result()).isEqualTo(Result.EQUAL);
            assertThat(behind.sourceRows()).hasValue(59);
            assertThat(behind.reason()).contains("only rows with at= before 2026-03-01");
            assertThat(VerifyServers.of(
                                    servers.verify(only("events", List.of(), OptionalInt.empty(), false)),
                                    "public.events")
                            .result())
                    .isEqualTo(Result.DIFFERENT);
            assertThatThrownBy(
                            () -> servers.verify(only("events", List.of("events:gone=1"), OptionalInt.empty(), false)))
                    .isInstanceOf(InvalidSettingsException.class);
        }
    }

    @Test
    void neverCallsEqualWhatItCouldNotRead() throws Exception {
        try (VerifyServers servers = VerifyServers.of(17, 18)) {
            servers.execute(
                    "CREATE TABLE public.secret (id int PRIMARY KEY)",
                    "CREATE TABLE public.hidden (id int PRIMARY KEY)",
                    "ALTER TABLE public.hidden ENABLE ROW LEVEL SECURITY",
                    "CREATE UNLOGGED TABLE public.scratch (id int PRIMARY KEY)",
                    "CREATE TABLE public.narrow (id int PRIMARY KEY, more text)",
                    "CREATE TABLE public.forgotten (id int PRIMARY KEY)",
                    "CREATE TABLE public.made (id int PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED)",
                    "INSERT INTO public.made VALUES (1)");
            servers.grant("public");
            servers.target.execute(
                    "REVOKE ALL ON public.secret FROM " + q(servers.target.admin),
                    "ALTER TABLE public.narrow DROP COLUMN more",
                    "DROP TABLE public.forgotten");
            VerifyReport report = servers.verify(ALL);
            assertThat(report.tables())
                    .extracting(each -> each.table().name(), TableVerdict::result)
                    .containsExactly(
                            tuple("forgotten", Result.DIFFERENT),
                            tuple("hidden", Result.NOT_COMPARED),
                            tuple("made", Result.EQUAL),
                            tuple("narrow", Result.DIFFERENT),
                            tuple("orders", Result.EQUAL),
                            tuple("scratch", Result.NOT_COMPARED),
                            tuple("secret", Result.NOT_COMPARED));
            assertThat(VerifyServers.of(report, "public.secret").reason())
                    .contains("GRANT SELECT ON \"public\".\"secret\" TO");
            assertThat(VerifyServers.of(report, "public.hidden").reason()).contains("row-level security", "BYPASSRLS");
            assertThat(VerifyServers.of(report, "public.narrow").reason()).contains("lacks column more");
            assertThat(VerifyServers.of(report, "public.scratch").reason()).contains("unlogged");
        }
    }

    @Test
    void endsItsStatementsOnTheServersWhenItIsStopped() throws Exception {
        try (VerifyServers servers = VerifyServers.of(11, 18);
                Connection lock = servers.source.server.connect(servers.source.name)) {
            servers.grant("public");
            lock.setAutoCommit(false);
            lock.createStatement().execute("LOCK TABLE public.orders IN ACCESS EXCLUSIVE MODE");
            SystemTiming timing = new SystemTiming();
            assertThatThrownBy(() -> servers.verify(ALL, timing, doing -> {
                        if (doing.startsWith("counting") && isWaiting(servers)) {
                            timing.stop();
                        }
                    }))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("stopped before all tables were compared");
            await().atMost(Duration.ofSeconds(5))
                    .pollInterval(Duration.ofMillis(20))
                    .until(() -> !isWaiting(servers));
        }
    }

    private static boolean isWaiting(VerifyServers servers) {
        try {
            return !servers.source.query("""
                    SELECT 1
                    FROM pg_stat_activity
                    WHERE application_name = 'registry-admin/verify'
                      AND wait_event_type = 'Lock'
                      AND datname = current_database()
                    """).isEmpty();
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void saysThatTheTargetDoesNotFollowInsteadOfComparing() throws Exception {
        try (VerifyServers servers = ready(17, 18)) {
            servers.target.execute("ALTER SUBSCRIPTION " + LogicalReplication.NAME + " DISABLE");
            servers.source.execute("INSERT INTO public.nothing VALUES (1)");
            Set<String> told = new TreeSet<>();
            assertThatThrownBy(() -> servers.verify(
                            only("nothing", List.of(), OptionalInt.empty(), false), new SystemTiming(), told::add))
                    .isInstanceOf(OperationException.class)
                    .hasMessageContaining("had not caught up")
                    .hasMessageContaining(LogicalReplication.NAME);
            assertThat(told).anyMatch(each -> each.matches("waiting for slot .* bytes behind, and nobody is .*"));
            TableVerdict direct = VerifyServers.of(
                    servers.verify(only("nothing", List.of(), OptionalInt.empty(), true)), "public.nothing");
            assertThat(direct.differences()).containsExactly(new KeyDifference(List.of("1"), Kind.MISSING_ON_TARGET));
        }
    }
}
