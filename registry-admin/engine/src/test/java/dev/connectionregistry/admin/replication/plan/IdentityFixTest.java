package dev.connectionregistry.admin.replication.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Only ways that work, the least change first. */
class IdentityFixTest {
    private static final List<String> JSON = List.of("body json");

    @Test
    void proposesNothingForATableWhoseRowsAreFound() {
        for (RowIdentity identity : List.of(RowIdentity.KEY, RowIdentity.INDEX, RowIdentity.FULL)) {
            assertThat(table(false, false, null, JSON).fix(identity)).isEqualTo(IdentityFix.NONE);
        }
    }

    @Test
    void takesThePrimaryKeyThenAnIndexThenAllColumns() {
        assertThat(fix(table(true, false, "i", JSON))).containsExactly("ALTER TABLE s.t REPLICA IDENTITY DEFAULT;");
        assertThat(fix(table(false, false, "\"An index\"", JSON)))
                .containsExactly("ALTER TABLE s.t REPLICA IDENTITY USING INDEX \"An index\";");
        assertThat(fix(table(false, true, null, List.of()))).containsExactly("ALTER TABLE s.t REPLICA IDENTITY FULL;");
    }

    @Test
    void addsAKeyWhereTheTargetCouldNotFindARowByAllColumns() {
        assertThat(fix(table(false, false, null, JSON)))
                .containsExactly("ALTER TABLE s.t ADD COLUMN registry_id bigserial PRIMARY KEY;");
        String unique = """
                ALTER TABLE s.t \
                ADD COLUMN registry_id bigserial, \
                ADD CONSTRAINT "t_registry_id" UNIQUE (registry_id);""";
        assertThat(fix(table(false, true, null, JSON)))
                .as("it has a primary key already, which is deferrable")
                .containsExactly(unique, "ALTER TABLE s.t REPLICA IDENTITY USING INDEX \"t_registry_id\";");
        assertThat(table(false, false, null, JSON).fix(RowIdentity.INCOMPARABLE).why())
                .contains("not REPLICA IDENTITY FULL", "body json can't be compared");
    }

    @Test
    void knowsWhenNoStatementHelps() {
        IdentityFix partition = new IdentityFix.Table("s.t", "t", false, false, Optional.empty(), JSON, List.of(), true)
                .fix(RowIdentity.NONE);
        assertThat(partition.statements()).as("its columns are its parent's").isEmpty();
        IdentityFix half = new IdentityFix.Table(
                        "s.t", "t", false, false, Optional.of("i"), List.of(), List.of("some"), false)
                .fix(RowIdentity.NONE);
        assertThat(half.statements()).isEmpty();
        assertThat(half.why()).contains("publication some sends only some of its columns");
    }

    @Test
    void aPartitionedTableHasWhatEachOfItsPartitionsNeeds() {
        IdentityFix both = table(false, false, null, List.of())
                .fix(RowIdentity.NONE)
                .and(new IdentityFix(List.of("ALTER TABLE s.leaf REPLICA IDENTITY FULL;"), true, ""));
        assertThat(both.statements()).hasSize(2);
        assertThat(RowIdentity.FULL.and(RowIdentity.INCOMPARABLE)).isEqualTo(RowIdentity.INCOMPARABLE);
        assertThat(RowIdentity.INCOMPARABLE.and(RowIdentity.NONE)).isEqualTo(RowIdentity.NONE);
    }

    private static List<String> fix(IdentityFix.Table table) {
        return table.fix(RowIdentity.NONE).statements();
    }

    private static IdentityFix.Table table(
            boolean key, boolean deferrable, @org.jspecify.annotations.Nullable String index, List<String> columns) {
        return new IdentityFix.Table(
                "s.t", "t", key, deferrable, Optional.ofNullable(index), key ? List.of() : columns, List.of(), false);
    }
}
