package dev.connectionregistry.admin.replication.plan;

import static dev.connectionregistry.admin.replication.plan.Facts.GB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.plan.PlanFile.PlanChoice;
import dev.connectionregistry.admin.replication.plan.Planner.PlanThresholds;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.plan.TableFacts.KeyColumn;
import dev.connectionregistry.admin.replication.plan.TableFacts.Kind;
import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
    private static final WriteCounts UPDATED = new WriteCounts(5, 1, 0);
    private static final WriteCounts APPENDED = new WriteCounts(5, 0, 0);

    @ParameterizedTest
    @CsvSource({
        "1, 1000, true, bigint, copy",
        "60, 1000, true, bigint, slices",
        "60, 1000, true, uuid, slices",
        "60, 1000, true, text, slices",
        "60, 1000, true, numeric, copy",
        "60, 1000, true, text collate other, copy",
        "1, 10000000, true, integer, slices",
        "1, 9999999, true, integer, copy",
        "60, 1000, false, numeric, backfill",
        "60, 1000, false, '', copy"
    })
    void choosesByThresholdsPatternAndKey(long gigabytes, long tuples, boolean updated, String key, String method) {
        TableFacts table = Facts.table("t", gigabytes * GB, tuples, updated ? UPDATED : APPENDED, key);
        assertThat(plan(17, 18, table).get(0).method().word()).isEqualTo(method);
    }

    @Test
    void slicesOnlyWhereBothSidesFilterRows() {
        TableFacts table = Facts.table("t", 60 * GB, 5, UPDATED, "bigint");
        assertThat(plan(14, 18, table).get(0).reason()).contains("row filters need Postgres 15");
        assertThat(plan(15, 15, table).get(0).method()).isEqualTo(CopyMethod.SLICES);
        assertThat(new Planner(Facts.source(17, 18, table), new PlanThresholds(PlanThresholds.USUAL.bytes(), 10, 0))
                        .plan()
                        .get(0)
                        .method())
                .isEqualTo(CopyMethod.COPY);
    }

    @Test
    void makesMoreSlicesOfLargerTablesUpToTheLimit() {
        assertThat(plan(17, 18, Facts.table("t", 50 * GB, 5, UPDATED, "bigint"))
                        .get(0)
                        .slices())
                .isEqualTo(5);
        assertThat(plan(17, 18, Facts.table("t", 900 * GB, 5, UPDATED, "bigint"))
                        .get(0)
                        .slices())
                .isEqualTo(8);
        assertThat(plan(17, 18, Facts.table("t", 1, 10_000_000, UPDATED, "bigint"))
                        .get(0)
                        .slices())
                .isEqualTo(5);
    }

    @Test
    void sendsPartitionsThroughTheirRootWhereBothSidesCan() {
        TableFacts[] tables = {
            Facts.of("root", Kind.PARTITIONED, Optional.empty(), 0),
            Facts.of("leaf_1", Kind.TABLE, Optional.of("root"), 30 * GB),
            Facts.of("middle", Kind.PARTITIONED, Optional.of("root"), 0),
            Facts.of("leaf_2", Kind.TABLE, Optional.of("root"), 30 * GB)
        };
        List<PlannedTable> via = plan(13, 13, tables);
        assertThat(via).extracting(each -> each.name().name()).containsExactly("root");
        assertThat(via.get(0).facts().bytes()).isEqualTo(60 * GB);
        assertThat(via.get(0).facts().writes().inserts()).isEqualTo(3);
        assertThat(plan(12, 18, tables)).extracting(each -> each.name().name()).containsExactly("leaf_1", "leaf_2");
        assertThat(plan(18, 11, tables)).hasSize(2);
    }

    @Test
    void leavesOutWhatIsNotInTheWal() {
        List<PlannedTable> plan = plan(
                17,
                18,
                Facts.of("a", Kind.UNLOGGED, Optional.empty(), 5),
                Facts.of("b", Kind.FOREIGN, Optional.empty(), 0),
                Facts.of("c", Kind.TABLE, Optional.empty(), 99));
        assertThat(plan)
                .extracting(PlannedTable::method)
                .containsExactly(CopyMethod.COPY, CopyMethod.LEAVE_OUT, CopyMethod.LEAVE_OUT);
    }

    @Test
    void saysWhatMustBeDoneFirstForATableThatIsUpdatedAndHasNoKey() {
        PlannedTable updated = plan(17, 18, Facts.table("t", 5, 5, UPDATED, "")).get(0);
        assertThat(updated.problem()).contains("ALTER TABLE \"public\".\"t\" ADD PRIMARY KEY", "REPLICA IDENTITY FULL");
        PlannedTable appended =
                plan(17, 18, Facts.table("t", 5, 5, APPENDED, "")).get(0);
        assertThat(appended.problem()).isEmpty();
        assertThat(appended.note()).contains("UPDATE and DELETE on it fail on the source");
    }

    @Test
    void takesNoPartitionedTableForIdentifiedOneOfWhosePartitionsIsNot() {
        PlannedTable root = plan(
                        17,
                        18,
                        identified("root", Kind.PARTITIONED, Optional.empty(), RowIdentity.FULL, List.of()),
                        identified("leaf_1", Kind.TABLE, Optional.of("root"), RowIdentity.FULL, List.of()),
                        identified("leaf_2", Kind.TABLE, Optional.of("root"), RowIdentity.NONE, List.of()))
                .get(0);
        assertThat(root.facts().identity()).isEqualTo(RowIdentity.NONE);
        assertThat(root.problem()).contains("nothing to find its rows by", "doesn't reach its partitions");
        assertThat(root.note()).contains("a partition that is made later");
    }

    @Test
    void refusesAPartitionedTableSomeOfWhoseRowsAreNotInTheWal() {
        TableFacts[] tables = {
            Facts.of("root", Kind.PARTITIONED, Optional.empty(), 0),
            Facts.of("leaf_1", Kind.TABLE, Optional.of("root"), 5),
            Facts.of("leaf_2", Kind.UNLOGGED, Optional.of("root"), 5),
            Facts.of("leaf_3", Kind.FOREIGN, Optional.of("root"), 0)
        };
        assertThat(plan(17, 18, tables)).singleElement().satisfies(root -> assertThat(root.problem())
                .contains(
                        "public.leaf_2 is unlogged",
                        "ALTER TABLE \"public\".\"leaf_2\" SET LOGGED",
                        "public.leaf_3 is a foreign table",
                        "DETACH PARTITION \"public\".\"leaf_3\""));
        assertThat(plan(11, 18, tables))
                .as("each by itself")
                .extracting(PlannedTable::method)
                .containsExactly(CopyMethod.COPY, CopyMethod.LEAVE_OUT, CopyMethod.LEAVE_OUT);
        PlanFile without =
                new PlanFile("orders", List.of(new PlanChoice(tables[0].name(), CopyMethod.LEAVE_OUT, 0, 9)));
        assertThat(new PlanCheck(Facts.source(17, 18, tables)).check(without).problems())
                .isEmpty();
    }

    @Test
    void slicesNothingWhoseReplicaIdentityLacksTheColumnOfTheFilter() {
        List<KeyColumn> key = List.of(new KeyColumn("id", "bigint"));
        TableFacts table = identified("t", Kind.TABLE, Optional.empty(), RowIdentity.INDEX, key);
        PlannedTable planned = plan(17, 18, table).get(0);
        assertThat(planned.method()).isEqualTo(CopyMethod.COPY);
        assertThat(planned.reason()).contains("its replica identity is another index");
        PlanFile sliced = new PlanFile("orders", List.of(new PlanChoice(table.name(), CopyMethod.SLICES, 2, 9)));
        assertThat(new PlanCheck(Facts.source(17, 18, table)).check(sliced).problems())
                .singleElement()
                .asString()
                .contains("line 9", "it can't be sliced: its replica identity");
    }

    private static TableFacts identified(
            String name, Kind kind, Optional<String> root, RowIdentity identity, List<KeyColumn> key) {
        TableFacts like = Facts.of(name, kind, root, 60 * GB);
        return new TableFacts(
                like.name(),
                kind,
                like.root(),
                60 * GB,
                10,
                UPDATED,
                identity,
                key,
                like.columns(),
                false,
                Map.of(),
                List.of(),
                Facts.fix(name, !key.isEmpty(), List.of()).fix(identity));
    }

    @Test
    void recognisesTheServersTextOfAFilter() {
        String server = "((hashint8(id) & '2147483647'::integer) % 4) = 1";
        assertThat(SliceFilter.isOf("(((hashint8(id) & 2147483647) % 4) = 1)", 4, 1))
                .isTrue();
        assertThat(SliceFilter.isOf("(((hashint8(id) & 2147483647) % 4) = 1)", 4, 2))
                .isFalse();
        assertThat(SliceFilter.isOf("(((hashint8(id) & 2147483647) % 14) = 1)", 4, 1))
                .isFalse();
        assertThat(SliceFilter.isOf(server, 8, 1)).isFalse();
        assertThat(SliceFilter.condition(new KeyColumn("Str\"ange", "uuid"), 4, 3))
                .isEqualTo("(pg_catalog.uuid_hash(\"Str\"\"ange\") & 2147483647) % 4 = 3");
    }

    private static List<PlannedTable> plan(int from, int to, TableFacts... tables) {
        return new Planner(Facts.source(from, to, tables), PlanThresholds.USUAL).plan();
    }
}
