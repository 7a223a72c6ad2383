package dev.connectionregistry.admin.replication.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.replication.plan.PlanFile.PlanChoice;
import dev.connectionregistry.admin.replication.plan.Planner.PlanThresholds;
import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanFileTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "orders",
                "select",
                "No",
                "null",
                "1e3",
                "~",
                "a: b # c",
                "- x",
                "\"quoted\" \\ 'name'",
                "tablé 中文 🐘",
                " blanks ",
                "two\nlines\tand a tab",
                "%yaml",
                "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
            })
    void readsWhatItWrote(String name) {
        String text = PlanWriter.text(plan(
                Facts.table(name, 5, 5, new WriteCounts(1, 1, 1), "bigint"),
                Facts.table("other", 60 * Facts.GB, 5, new WriteCounts(1, 1, 1), "bigint")));
        assertThat(text).startsWith("# How the tables");
        PlanFile file = PlanReader.read(text);
        assertThat(file.database()).isEqualTo("orders");
        assertThat(file.choices())
                .extracting(PlanChoice::table)
                .containsExactly(new TableName("public", name), new TableName("public", "other"));
        assertThat(file.choices()).extracting(PlanChoice::method).containsExactly(CopyMethod.COPY, CopyMethod.SLICES);
        assertThat(file.choices().get(1).slices()).isEqualTo(6);
    }

    @Test
    void saysEveryMistakeWithItsLineAndWhatWasMeant() {
        List<String> problems = problems("""
                database: orders
                tabels: []
                tables:
                  - schema: public
                    table: a
                    method: copie
                  - schema: public
                    table: b
                    methd: copy
                  - schema: public
                    table: c
                    method: slices
                  - schema: public
                    table: d
                    method: copy
                  - schema: public
                    table: d
                    method: backfill
                """);
        assertThat(problems)
                .anyMatch(each -> each.startsWith("line 2: 'tabels'") && each.contains("did you mean tables?"))
                .anyMatch(each -> each.startsWith("line 4: public.a") && each.contains("did you mean copy?"))
                .anyMatch(each -> each.startsWith("line 9: 'methd'") && each.contains("did you mean method?"))
                .anyMatch(each -> each.startsWith("line 7: 'method' is missing"))
                .anyMatch(each -> each.startsWith("line 10: public.c: 'slices' must say how many"))
                .anyMatch(each -> each.startsWith("line 16: public.d occurs twice"))
                .hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "just text", "tables: [", "database: orders\ntables: copy", "database: [a]", "- a"})
    void refusesWhatIsNoPlan(String text) {
        assertThat(problems(text)).isNotEmpty();
    }

    @Test
    void holdsAPlanAgainstTheTablesThatThereAre() {
        SourceFacts facts = Facts.source(
                14,
                18,
                Facts.table("orders", 5, 5, WriteCounts.NONE, "bigint"),
                Facts.table("forgotten", 5, 5, WriteCounts.NONE, "bigint"),
                Facts.table("keyless", 5, 5, new WriteCounts(0, 1, 0), ""),
                Facts.of("leaf", TableFacts.Kind.TABLE, Optional.of("root"), 5),
                Facts.of("root", TableFacts.Kind.PARTITIONED, Optional.empty(), 5),
                Facts.of("scratch", TableFacts.Kind.UNLOGGED, Optional.empty(), 5));
        PlanFile file = new PlanFile(
                "orders",
                List.of(
                        choice("ordres", CopyMethod.COPY, 3),
                        choice("orders", CopyMethod.SLICES, 5),
                        choice("keyless", CopyMethod.COPY, 7),
                        choice("leaf", CopyMethod.COPY, 9),
                        choice("root", CopyMethod.COPY, 11),
                        choice("scratch", CopyMethod.COPY, 13)));
        assertThat(new PlanCheck(facts).check(file).problems())
                .anyMatch(each -> each.startsWith("line 3:") && each.contains("did you mean public.orders"))
                .anyMatch(each -> each.startsWith("line 5:") && each.contains("slices need Postgres 15"))
                .anyMatch(each -> each.startsWith("line 7:") && each.contains("ADD PRIMARY KEY"))
                .anyMatch(each -> each.startsWith("line 9:") && each.contains("is a partition"))
                .anyMatch(each -> each.startsWith("line 13:") && each.contains("leave-out"))
                .anyMatch(each -> each.startsWith("public.forgotten is on the source, but not in the plan"))
                .hasSize(6);
    }

    private static PlanChoice choice(String table, CopyMethod method, int line) {
        return new PlanChoice(new TableName("public", table), method, method == CopyMethod.SLICES ? 2 : 0, line);
    }

    private static List<String> problems(String text) {
        return catchThrowableOfType(InvalidSettingsException.class, () -> PlanReader.read(text))
                .problems();
    }

    private static ReplicationPlan plan(TableFacts... tables) {
        SourceFacts facts = Facts.source(17, 18, tables);
        return new ReplicationPlan(
                new DatabaseName("orders"),
                Endpoint.parse("db1:5432/orders"),
                Endpoint.parse("db2:5432/orders"),
                ReplicationNames.of(new DatabaseName("orders"))
                        .between(
                                new PostgresIdentity("1", "orders", 11, "11.22"),
                                new PostgresIdentity("2", "orders", 18, "18.1")),
                facts,
                new Planner(facts, PlanThresholds.USUAL).plan());
    }
}
