package dev.connectionregistry.admin.cli.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.plan.Planner;
import dev.connectionregistry.admin.replication.plan.Planner.PlanThresholds;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan;
import dev.connectionregistry.admin.replication.plan.RowIdentity;
import dev.connectionregistry.admin.replication.plan.SourceFacts;
import dev.connectionregistry.admin.replication.plan.TableFacts;
import dev.connectionregistry.admin.replication.plan.TableFacts.KeyColumn;
import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts;
import dev.connectionregistry.admin.replication.setup.CopyProgress;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReplicationTextTest {
    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void fitsThePlanIntoTheTerminal(int width) {
        SourceFacts facts = new SourceFacts(
                17,
                18,
                Optional.of(Duration.ofHours(3)),
                List.of(
                        table("orders", 1 << 20, RowIdentity.KEY),
                        table("a_table_with_quite_a_long_name_that_goes_on", 60L << 30, RowIdentity.KEY),
                        table("keyless", 5, RowIdentity.NONE)),
                Map.of(new TableName("cron", "job"), "pg_cron"));
        List<String> lines = ReplicationPlanText.lines(
                new ReplicationPlan(
                        new DatabaseName("orders"),
                        Endpoint.parse("db1:5432/orders"),
                        Endpoint.parse("db2:5432/orders"),
                        ReplicationNames.of(new DatabaseName("orders"))
                                .between(
                                        new PostgresIdentity("1", "orders", 11, "11.22"),
                                        new PostgresIdentity("2", "orders", 18, "18.1")),
                        facts,
                        new Planner(facts, PlanThresholds.USUAL).plan()),
                width,
                false);
        assertThat(lines).allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(width));
        assertThat(lines.get(0)).contains("TABLE", "SIZE", "METHOD");
        assertThat(String.join("\n", lines))
                .contains("slices (6)", "must be done first: public.keyless", "that is short", "cron.job (pg_cron)");
    }

    @ParameterizedTest
    @ValueSource(ints = {79, 119})
    void drawsABarThatFits(int width) {
        for (String table : List.of("public.orders", "public." + "x".repeat(150) + ", slice 3 of 8")) {
            CopyProgress copy = new CopyProgress(
                    table,
                    3,
                    12,
                    CopyProgress.Phase.COPYING,
                    420_000,
                    1_000_000,
                    314_572_800,
                    1,
                    Duration.ofSeconds(75));
            String bar = CopyText.bar(copy, width);
            assertThat(bar)
                    .hasSizeLessThanOrEqualTo(width)
                    .contains(" 42 %", "300 MB", " 75 s", "[3/12] public.")
                    .containsPattern("\\[####(####)?------(------)?\\]");
        }
    }

    @Test
    void readsAndWritesSizesAsPostgresDoes() {
        assertThat(ByteSize.parse("50GB").bytes()).isEqualTo(50L << 30);
        assertThat(ByteSize.parse("512 mb").bytes()).isEqualTo(512L << 20);
        assertThat(ByteSize.parse("1234").bytes()).isEqualTo(1234);
        assertThat(ByteSize.parse("3TB")).hasToString("3.0 TB");
        assertThat(ByteSize.text(0)).isEqualTo("0 bytes");
        assertThat(ByteSize.text(10L << 30)).isEqualTo("10 GB");
        Assertions.assertThatThrownBy(() -> ByteSize.parse("a lot")).isInstanceOf(InvalidSettingsException.class);
        Assertions.assertThatThrownBy(() -> ByteSize.parse("999999999999TB"))
                .isInstanceOf(InvalidSettingsException.class);
    }

    private static TableFacts table(String name, long bytes, RowIdentity identity) {
        return new TableFacts(
                new TableName("public", name),
                TableFacts.Kind.TABLE,
                Optional.empty(),
                bytes,
                1000,
                new WriteCounts(5, 5, 0),
                identity,
                identity == RowIdentity.KEY ? List.of(new KeyColumn("id", "bigint")) : List.of(),
                List.of("id"),
                false,
                Map.of(),
                List.of(),
                dev.connectionregistry.admin.replication.plan.IdentityFix.NONE);
    }
}
