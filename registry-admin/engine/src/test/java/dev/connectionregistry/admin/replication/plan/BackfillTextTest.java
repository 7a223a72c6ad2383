package dev.connectionregistry.admin.replication.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.plan.PlanFile.PlanChoice;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The commands that a person is given for a table that isn't copied. */
class BackfillTextTest {
    private static final Endpoint SOURCE = new Endpoint("old", 5432, "it's");
    private static final Endpoint TARGET = new Endpoint("new", 5433, "orders");

    @Test
    void withSeveralHostsTheyAreForThePrimary() {
        List<String> lines = BackfillText.commands(
                Facts.table("t", 5, 5, WriteCounts.NONE, "uuid"),
                ReplicationNames.of(new DatabaseName("orders"))
                        .between(
                                new PostgresIdentity("1", "orders", 11, "11.22"),
                                new PostgresIdentity("2", "orders", 18, "18.1")),
                Endpoint.parse("old1:5432,old2:5433/it's"),
                TARGET);
        assertThat(lines)
                .anyMatch(each -> each.endsWith("psql 'host=old1,old2 port=5432,5433 dbname='\\''it\\'\\''s'\\''"
                        + " target_session_attrs=read-write':"));
    }

    @Test
    void bringsEveryRowWhateverTypeTheKeyHasAndFiresNoTrigger() {
        List<String> lines = BackfillText.commands(
                Facts.table("t", 5, 5, WriteCounts.NONE, "uuid"),
                ReplicationNames.of(new DatabaseName("orders"))
                        .between(
                                new PostgresIdentity("1", "orders", 11, "11.22"),
                                new PostgresIdentity("2", "orders", 18, "18.1")),
                SOURCE,
                TARGET);
        assertThat(lines)
                .noneMatch(each -> each.contains("max("))
                .anyMatch(each -> each.endsWith("psql -h old -p 5432 -d 'it'\\''s':"))
                .containsSubsequence(
                        "COPY (SELECT \"id\", \"what\" FROM \"public\".\"t\") TO STDOUT \\g backfill.copy",
                        "-- 2. before the cutover; on the target, with psql -h new -p 5433 -d 'orders':",
                        "SET session_replication_role = replica; -- as replication does it, or triggers do their work twice",
                        "RESET session_replication_role;");
    }

    @Test
    void warnsOfABackfillOfATableThatIsUpdated() {
        TableFacts updated = Facts.table("t", 5, 5, new WriteCounts(9, 1, 0), "bigint");
        PlanFile file = new PlanFile("orders", List.of(new PlanChoice(updated.name(), CopyMethod.BACKFILL, 0, 1)));
        assertThat(new PlanCheck(Facts.source(17, 18, updated)).check(file).tables())
                .singleElement()
                .extracting(PlannedTable::note)
                .asString()
                .contains("it isn't only appended to");
    }
}
