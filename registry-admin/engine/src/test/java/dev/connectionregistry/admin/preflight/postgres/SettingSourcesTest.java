package dev.connectionregistry.admin.preflight.postgres;

import static dev.connectionregistry.admin.preflight.postgres.TestPair.q;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.postgres.SettingSources.Setting;
import dev.connectionregistry.admin.server.FenceMark;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A remedy for a setting is given where the setting comes from, and no operator's right to the services' role. */
@Tag("database-side")
@Timeout(120)
class SettingSourcesTest {
    @Test
    void aRoleThatIsReadOnlyItselfIsNotTakenForTheServer() throws Exception {
        for (String subject : List.of("ALTER ROLE %s", "ALTER ROLE %s IN DATABASE %s")) {
            try (TestPair pair = TestPair.plain()) {
                pair.source(subject.formatted(q(pair.admin), q(pair.name)) + " SET default_transaction_read_only = on");
                Finding finding = pair.look("source-writable");
                assertThat(finding.outcome()).isEqualTo(Outcome.WARN);
                assertThat(finding.message())
                        .contains("accepts writes, but sessions of role " + q(pair.admin) + " begin read-only")
                        .doesNotContain("configuration");
                pair.paste(finding);
                assertThat(pair.look("source-writable").outcome()).isEqualTo(Outcome.PASS);
            }
        }
    }

    @Test
    void aFenceOfWhichOnlyTheDefaultWasTakenBackIsNotDown() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.target("COMMENT ON DATABASE " + q(pair.name) + " IS 'Shop\n" + FenceMark.RECORD + "{}'");
            Finding finding = pair.look("target-writable");
            assertThat(finding.outcome()).isEqualTo(Outcome.WARN);
            assertThat(finding.message()).contains("the fence of an earlier cutover is not completely down");
            pair.target("COMMENT ON DATABASE " + q(pair.name) + " IS 'Shop'");
            assertThat(pair.look("target-writable").outcome()).isEqualTo(Outcome.PASS);
        }
    }

    @Test
    void aConfigurationThatIsReadOnlyIsFoundBehindARoleThatIsNot() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.target(
                    "ALTER ROLE " + q(pair.admin) + " SET default_transaction_read_only = off",
                    "ALTER SYSTEM SET default_transaction_read_only = on",
                    "SELECT pg_reload_conf()");
            try {
                Finding finding = pair.look("target-writable");
                assertThat(finding.message()).contains("read-only by its configuration");
                assertThat(finding.remedies())
                        .contains(Remedy.onTarget("ALTER SYSTEM RESET default_transaction_read_only;"));
                pair.paste(finding);
                org.awaitility.Awaitility.await()
                        .until(() -> pair.look("target-writable").outcome() == Outcome.PASS);
            } finally {
                pair.target("ALTER SYSTEM RESET default_transaction_read_only", "SELECT pg_reload_conf()");
            }
        }
    }

    @Test
    void namesThePlaceOfASettingThatNoStatementTakesBack() {
        assertThat(new Setting("on", "command line", "", 0).byHand("x"))
                .hasValueSatisfying(text -> assertThat(text).contains("command line", "restart"));
        assertThat(new Setting("on", "configuration file", "/etc/postgresql.conf", 7).byHand("x"))
                .hasValueSatisfying(text -> assertThat(text).contains("take x out of /etc/postgresql.conf, line 7"));
        assertThat(new Setting("on", "configuration file", "/data/postgresql.auto.conf", 3).byHand("x"))
                .isEmpty();
    }

    @Test
    void whatARoleOrADatabaseHasOfItsOwnIsNoSettingOfTheServer() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.source(
                    "ALTER ROLE " + q(pair.admin) + " SET statement_timeout = '9s'",
                    "ALTER ROLE " + q(pair.admin) + " IN DATABASE " + q(pair.name) + " SET xmloption = document",
                    "ALTER DATABASE " + q(pair.name) + " SET default_transaction_isolation = serializable");
            Finding finding = pair.look("server-settings");
            assertThat(finding.outcome()).as(finding.message()).isEqualTo(Outcome.PASS);
            pair.both("REVOKE SELECT ON pg_catalog.pg_file_settings FROM " + q(pair.admin));
            assertThat(pair.look("server-settings").message())
                    .contains("TimeZone", "statement_timeout", "can't be seen")
                    .doesNotContain("9000");
        }
    }

    @Test
    void timeOutsOfTheDatabaseGoToTheServicesRoleOfTheTargetSoThatTheyEndNoCopy() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.source(
                    "ALTER DATABASE " + q(pair.name) + " SET statement_timeout = '2s'",
                    "ALTER DATABASE " + q(pair.name) + " SET lock_timeout = '1s'",
                    "ALTER ROLE " + q(pair.admin) + " SET lock_timeout = '3s'");
            Finding finding = pair.look("database-settings");
            assertThat(finding.remedies())
                    .contains(Remedy.onTarget("ALTER ROLE %s IN DATABASE %s SET statement_timeout TO '2s';"
                            .formatted(q(pair.service), q(pair.name))))
                    .noneMatch(each -> each.text().startsWith("ALTER DATABASE"))
                    .noneMatch(each -> each.text().contains(pair.admin));
            pair.paste(finding);
            Map<String, Finding> after = pair.look(Set.of("database-settings", "copy-timeouts"));
            assertThat(after.values()).allMatch(each -> each.outcome() == Outcome.PASS);
        }
    }

    @Test
    void theServicesRoleIsNeverGivenWhatAnOperatorNeeds() throws Exception {
        try (TestPair pair = TestPair.plain()) {
            pair.asTheService = true;
            pair.both("ALTER TABLE " + TestPair.TABLE + " ENABLE ROW LEVEL SECURITY");
            Map<String, Finding> found = pair.look(Set.copyOf(PostgresChecksTest.names()));
            assertThat(found.values())
                    .flatExtracting(Finding::remedies)
                    .filteredOn(each -> each.place() != Remedy.Place.ADVICE)
                    .extracting(Remedy::text)
                    .noneMatch(each -> each.endsWith(" TO " + q(pair.service) + ";"))
                    .noneMatch(each -> each.startsWith("ALTER ROLE " + q(pair.service)));
            for (String check : List.of(
                    "fence-rights",
                    "slot-rights",
                    "publication-rights",
                    "subscription-rights",
                    "row-security",
                    "long-transactions",
                    "server-settings")) {
                assertThat(java.util.Objects.requireNonNull(found.get(check)).remedies())
                        .as(check)
                        .anyMatch(each -> each.text().contains("--admin-username"));
            }
        }
    }
}
