package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.replication.plan.TableFacts.KeyColumn;
import dev.connectionregistry.admin.replication.plan.TableFacts.Kind;
import dev.connectionregistry.admin.replication.plan.TableFacts.WriteCounts;
import dev.connectionregistry.admin.server.TableName;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tables for tests. */
final class Facts {
    static final long GB = 1L << 30;

    private Facts() {}

    static TableFacts table(String name, long bytes, long tuples, WriteCounts writes, String keyType) {
        return table(
                name, bytes, tuples, writes, keyType.isEmpty() ? List.of() : List.of(new KeyColumn("id", keyType)));
    }

    static TableFacts table(String name, long bytes, long tuples, WriteCounts writes, List<KeyColumn> key) {
        return new TableFacts(
                new TableName("public", name),
                Kind.TABLE,
                Optional.empty(),
                bytes,
                tuples,
                writes,
                key.isEmpty() ? RowIdentity.NONE : RowIdentity.KEY,
                key,
                List.of("id", "what"),
                false,
                Map.of(),
                List.of(),
                fix(name, key));
    }

    static TableFacts of(String name, Kind kind, Optional<String> root, long bytes) {
        return new TableFacts(
                new TableName("public", name),
                kind,
                root.map(each -> new TableName("public", each)),
                bytes,
                10,
                new WriteCounts(1, 0, 0),
                RowIdentity.KEY,
                List.of(new KeyColumn("id", "bigint")),
                List.of("id"),
                false,
                Map.of(),
                List.of(),
                IdentityFix.NONE);
    }

    static SourceFacts source(int from, int to, TableFacts... tables) {
        return new SourceFacts(from, to, Optional.empty(), List.of(tables), Map.of());
    }

    private static IdentityFix fix(String name, List<KeyColumn> key) {
        return fix(name, !key.isEmpty(), List.of()).fix(key.isEmpty() ? RowIdentity.NONE : RowIdentity.KEY);
    }

    static IdentityFix.Table fix(String name, boolean key, List<String> incomparable) {
        String sql = new TableName("public", name).sql();
        return new IdentityFix.Table(sql, name, key, false, Optional.empty(), incomparable, List.of(), false);
    }
}
