package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.replication.postgres.SequencePositions.Target;
import dev.connectionregistry.admin.replication.postgres.SequenceReader.Definition;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Sets sequences, and verifies that they are where they were set to. For the session's thread. */
public final class SequenceWriter {
    /** Leaves nothing behind but a record in the log; as part of a transaction, so that its commit waits for the disk. */
    private static final String WRITE = "SELECT pg_catalog.pg_logical_emit_message(true, 'registry-admin', '')::text";

    private static final String SET = """
            SELECT pg_catalog.setval(s::oid::regclass, v::bigint, c::boolean)
            FROM unnest(?::text[], ?::text[], ?::text[]) AS t (s, v, c)
            """;

    private final Session session;
    /**
     * The definitions with the bounds of their columns, by the definitions without; as {@link #readColumns} found them.
     */
    private Map<Definition, Definition> bounded = Map.of();

    /** Writes over {@code session}, which the caller closes. */
    public SequenceWriter(Session session) {
        this.session = session;
    }

    /**
     * Reads what the columns can take, which only a margin needs, so that {@link #set} needn't do it when time counts.
     */
    public void readColumns(Duration bound) throws ServerException {
        session.call("read the sequences' columns", Remedies.SET_SEQUENCES, bound, end -> {
            SequenceReader reader = new SequenceReader(session);
            Map<Definition, Definition> read = new HashMap<>();
            reader.boundedDefinitions(end).forEach(each -> read.put(each.withoutColumns(), each));
            bounded = read;
            return true;
        });
    }

    /** What was read beforehand is used for sequences that haven't changed since. */
    private List<Definition> definitions(SequenceReader reader, long margin, Deadline bound) throws SQLException {
        List<Definition> definitions = reader.definitions(bound);
        if (margin == 0) {
            return definitions;
        }
        return bounded.keySet().containsAll(definitions)
                ? definitions.stream()
                        .map(each -> Objects.requireNonNull(bounded.get(each)))
                        .toList()
                : reader.boundedDefinitions(bound);
    }

    /**
     * Sets every sequence to its position in {@code source} plus {@code margin} steps; none ever goes backwards.
     *
     * @throws ServerException {@code NOT_SO} if one is missing, too small, or isn't where it was set to
     */
    public void set(List<SequenceState> source, long margin, Duration bound) throws ServerException {
        if (margin < 0) {
            throw new IllegalArgumentException("margin " + margin + " is negative");
        }
        session.call("set the sequences", Remedies.SET_SEQUENCES, bound, end -> {
            SequenceReader reader = new SequenceReader(session);
            List<Definition> definitions = definitions(reader, margin, end);
            SequencePositions goal = SequencePositions.of(source, margin, definitions, reader.states(definitions, end));
            requireNone(goal.problems());
            write(goal.targets(), end);
            requireNone(misses(goal.targets(), reader, end));
            return true;
        });
    }

    private void write(List<Target> targets, Deadline bound)
            throws SQLException, ServerException, InterruptedException {
        List<Object> oids = new ArrayList<>();
        List<Object> values = new ArrayList<>();
        List<Object> called = new ArrayList<>();
        for (Target target : targets) {
            oids.add(target.definition().oid());
            values.add(target.state().lastValue());
            called.add(target.state().called());
        }
        session.inTransaction(
                bound, WRITE, within -> session.query(within, SET, row -> row.getLong(1), oids, values, called));
    }

    private static List<String> misses(List<Target> targets, SequenceReader reader, Deadline bound)
            throws SQLException {
        List<SequenceState> seen =
                reader.states(targets.stream().map(Target::definition).toList(), bound);
        List<String> misses = new ArrayList<>();
        for (int i = 0; i < seen.size(); i++) {
            SequenceState wanted = targets.get(i).state();
            if (!seen.get(i).equals(wanted)) {
                misses.add(SequencePositions.name(wanted) + " is at " + at(seen.get(i)) + " where it was set to "
                        + at(wanted) + " (is it in use?)");
            }
        }
        return misses;
    }

    private static String at(SequenceState state) {
        return state.lastValue() + (state.called() ? "" : ", not handed out");
    }

    private void requireNone(List<String> problems) throws ServerException {
        if (!problems.isEmpty()) {
            throw new ServerException(
                    Kind.NOT_SO,
                    Plural.of(problems.size(), "sequence is", "sequences are") + " not where they were set to on "
                            + session.login().endpoint() + ": " + problems.subList(0, Math.min(5, problems.size())),
                    null);
        }
    }
}
