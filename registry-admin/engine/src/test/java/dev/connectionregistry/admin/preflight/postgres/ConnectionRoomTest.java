package dev.connectionregistry.admin.preflight.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.local.LocalPostgres.StopMode;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The checks of connections, on servers that have few. */
@Tag("database-side")
@Timeout(120)
class ConnectionRoomTest {
    @Test
    void saysWithItsFiguresThatTheTargetIsTooSmallAndPassesAfterItsRestart() throws Exception {
        try (LocalPostgres source = LocalPostgres.start(TestPair.SOURCE);
                LocalPostgres target = LocalPostgres.builder(TestPair.TARGET)
                        .setting("max_connections", "40")
                        .setting("reserved_connections", "5")
                        .start();
                TestPair pair = TestPair.on(source, target)) {
            pair.fleetConnections = 20;
            assertThat(pair.look("target-connections").outcome()).isEqualTo(Outcome.PASS);
            pair.otherFleets = new Subject.OtherFleets(2, 20);
            Finding tooSmall = pair.look("target-connections");
            assertThat(tooSmall.outcome()).isEqualTo(Outcome.FAIL);
            assertThat(tooSmall.message())
                    .contains(
                            "20 connections, their signals " + ConnectionRoom.SIGNALS_EACH
                                    + ", those of the names that move with it 22, this program 5",
                            "max_connections = 40, less 8 reserved and ");
            pair.paste(tooSmall);
            assertThat(pair.look("target-connections").outcome())
                    .as("it counts only after a restart")
                    .isEqualTo(Outcome.FAIL);
            target.stop(StopMode.FAST);
            target.startAgain();
            Finding restarted = pair.look("target-connections");
            assertThat(restarted.outcome()).as(restarted.message()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void failsWhileTheSourceHasNoRoomForTheCutoverItself() throws Exception {
        List<Connection> others = new ArrayList<>();
        try (LocalPostgres source = LocalPostgres.builder(TestPair.SOURCE)
                        .setting("max_connections", "30")
                        .start();
                LocalPostgres target = LocalPostgres.start(TestPair.TARGET);
                TestPair pair = TestPair.on(source, target)) {
            pair.fleetConnections = 10;
            assertThat(pair.look("source-connections").outcome()).isEqualTo(Outcome.PASS);
            for (int i = 0; i < 30 - 3 - ConnectionRoom.OURS + 1; i++) {
                others.add(source.connect("postgres"));
            }
            Finding full = pair.look("source-connections");
            assertThat(full.outcome()).as(full.message()).isEqualTo(Outcome.FAIL);
            assertThat(full.message()).contains("room for 4: max_connections = 30, less 3 reserved and 23 in use");
            others.remove(0).close();
            assertThat(await(pair, "source-connections", Outcome.WARN).message())
                    .as("there is room for the cutover, but not for pools that grow")
                    .contains("room for 5: ");
        } finally {
            for (Connection each : others) {
                each.close();
            }
        }
    }

    @Test
    void countsWhatTheFleetHasOnceAndNotAsOfOthers() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            Finding before = pair.look("source-connections");
            Statement session = pair.session();
            session.execute("SET application_name = 'checkout/1'");
            Finding after = pair.look("source-connections");
            assertThat(before.message()).contains("may open 10 connections and have 0,");
            assertThat(after.message()).contains("may open 10 connections and have 1,");
            assertThat(after.outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void findsLimitsOfDatabaseAndRoleAndItsStatementsTakeThemAway() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.target(
                    "ALTER ROLE " + TestPair.q(pair.service) + " CONNECTION LIMIT 9",
                    "ALTER DATABASE " + TestPair.q(pair.name) + " CONNECTION LIMIT 10");
            Finding limited = pair.look("target-connections");
            assertThat(limited.outcome()).as("ten, and one of signals").isEqualTo(Outcome.FAIL);
            assertThat(limited.message())
                    .contains("its database allows 10", "role " + TestPair.q(pair.service) + " may have 9");
            assertThat(limited.remedies()).extracting(Remedy::place).containsOnly(Remedy.Place.TARGET);
            pair.paste(limited);
            assertThat(pair.look("target-connections").outcome()).isEqualTo(Outcome.PASS);
        }
    }

    /** As with max_connections: the pools are there already, and work with what they have. */
    @Test
    void warnsOfALimitOnTheSourceThatOnlyPoolsThatGrowWouldMeet() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            String role = TestPair.q(pair.service);
            pair.session().execute("SET application_name = 'checkout/1'");
            pair.source("ALTER ROLE " + role + " CONNECTION LIMIT 2");
            Finding grows = pair.look("source-connections");
            assertThat(grows.outcome()).as(grows.message()).isEqualTo(Outcome.WARN);
            assertThat(grows.message()).contains("role " + role + " may have 2");
            pair.source("ALTER ROLE " + role + " CONNECTION LIMIT 1");
            assertThat(pair.look("source-connections").outcome())
                    .as("no place for the login that proves the fence")
                    .isEqualTo(Outcome.FAIL);
            pair.source(
                    "ALTER ROLE " + role + " CONNECTION LIMIT -1",
                    "ALTER DATABASE " + TestPair.q(pair.name) + " CONNECTION LIMIT 5");
            Finding tight = pair.look("source-connections");
            assertThat(tight.outcome())
                    .as("none for the cutover's own sessions")
                    .isEqualTo(Outcome.FAIL);
            pair.paste(tight);
            assertThat(pair.look("source-connections").outcome()).isEqualTo(Outcome.PASS);
        }
    }

    /** A session that was closed is there for a moment longer. */
    private static Finding await(TestPair pair, String check, Outcome outcome) {
        return Awaitility.await().until(() -> pair.look(check), finding -> finding.outcome() == outcome);
    }
}
