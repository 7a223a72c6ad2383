package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.Sql;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Reads sequences: one round trip for their definitions, one for the positions of all of them. */
public final class SequenceReader {
    /** A statement holds a lock on each sequence that it reads, and a server has room for thousands of locks. */
    private static final int AT_ONCE = 1000;

    private static final String DEFINITIONS = """
            SELECT n.nspname, c.relname, c.oid, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle, s.seqmin, s.seqmax
            FROM pg_catalog.pg_sequence s
            JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"
            """;
    private static final String BOUNDED = "WITH RECURSIVE " + SequenceColumns.WITH + """
            SELECT n.nspname, c.relname, c.oid, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle,
                greatest(s.seqmin, max(b.least)), least(s.seqmax, min(b.most))
            FROM pg_catalog.pg_sequence s
            JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            LEFT JOIN bounds b ON b.sequence = c.oid
            WHERE c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
            GROUP BY n.nspname, c.relname, c.oid, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle
            ORDER BY n.nspname::text COLLATE "C", c.relname::text COLLATE "C"
            """;

    private final Session session;

    /** Reads over {@code session}, which the caller closes. */
    public SequenceReader(Session session) {
        this.session = session;
    }

    /**
     * How a sequence counts.
     *
     * @param least the least value that every column that it fills can take, and not below its own minimum
     * @param most the greatest value that every such column can take, and not above its own maximum
     */
    public record Definition(
            String schema,
            String name,
            long oid,
            long increment,
            long minimum,
            long maximum,
            boolean cycles,
            long least,
            long most) {
        /** The same, as if it filled no column. */
        Definition withoutColumns() {
            return new Definition(schema, name, oid, increment, minimum, maximum, cycles, minimum, maximum);
        }
    }

    /**
     * The definition of every sequence that isn't temporary or the system's, by schema and name, each with its own
     * bounds only.
     */
    public List<Definition> definitions(Deadline bound) throws SQLException {
        return definitions(bound, DEFINITIONS);
    }

    /** The same with the bounds of the columns that they fill, which takes 0.1 s for 2000 tables. */
    public List<Definition> boundedDefinitions(Deadline bound) throws SQLException {
        return definitions(bound, BOUNDED);
    }

    private List<Definition> definitions(Deadline bound, String sql) throws SQLException {
        return session.query(
                bound,
                sql,
                row -> new Definition(
                        row.getString(1),
                        row.getString(2),
                        row.getLong(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getLong(6),
                        row.getBoolean(7),
                        row.getLong(8),
                        row.getLong(9)));
    }

    /** The state of every sequence, as {@link #definitions} finds them. */
    public List<SequenceState> states(Deadline bound) throws SQLException {
        return states(definitions(bound), bound);
    }

    /** The states in the order of {@code definitions}. */
    public List<SequenceState> states(List<Definition> definitions, Deadline bound) throws SQLException {
        List<SequenceState> states = new ArrayList<>();
        for (int from = 0; from < definitions.size(); from += AT_ONCE) {
            List<Definition> some = definitions.subList(from, Math.min(from + AT_ONCE, definitions.size()));
            states.addAll(session.query(bound, union(some), row -> {
                Definition which = some.get(row.getInt(1));
                return new SequenceState(which.schema(), which.name(), row.getLong(2), row.getBoolean(3));
            }));
        }
        return states;
    }

    private static String union(List<Definition> definitions) {
        StringBuilder sql = new StringBuilder();
        for (int i = 0; i < definitions.size(); i++) {
            Definition each = definitions.get(i);
            sql.append(i == 0 ? "" : " UNION ALL ")
                    .append("SELECT ")
                    .append(i)
                    .append(", last_value, is_called FROM ")
                    .append(Sql.identifier(each.schema()))
                    .append('.')
                    .append(Sql.identifier(each.name()));
        }
        return sql.append(" ORDER BY 1").toString();
    }
}
