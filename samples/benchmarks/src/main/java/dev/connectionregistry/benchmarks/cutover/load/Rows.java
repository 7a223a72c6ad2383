package dev.connectionregistry.benchmarks.cutover.load;

import dev.connectionregistry.benchmarks.cutover.stage.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/**
 * What the surviving database has, compared with what was acknowledged.
 *
 * @param lost acknowledged ids that are not there
 * @param doubled rows too many: an id, or a number of the sequence, that is there more than once
 */
public record Rows(int lost, int doubled) {
    private static final String REPEATED_NUMBERS = "SELECT count(*) - count(DISTINCT number) FROM orders";

    /**
     * Looks up every acknowledged id, as things stand: what replication has not brought by now counts as lost.
     *
     * @throws SQLException if the database can't be asked
     */
    public static Rows lookUp(Connection survivor, Collection<UUID> acknowledged) throws SQLException {
        long repeatedNumbers = Sql.number(survivor, REPEATED_NUMBERS);
        return compare(acknowledged, countById(survivor), Math.toIntExact(repeatedNumbers));
    }

    static Rows compare(Collection<UUID> acknowledged, Map<UUID, Integer> found, int repeatedNumbers) {
        int lost =
                (int) acknowledged.stream().filter(id -> !found.containsKey(id)).count();
        int surplus = found.values().stream().mapToInt(count -> count - 1).sum();
        return new Rows(lost, surplus + repeatedNumbers);
    }

    /** The same of several databases. */
    public Rows and(Rows other) {
        return new Rows(lost + other.lost, doubled + other.doubled);
    }

    private static Map<UUID, Integer> countById(Connection survivor) throws SQLException {
        Map<UUID, Integer> found = new HashMap<>();
        try (Statement statement = survivor.createStatement();
                ResultSet row = statement.executeQuery("SELECT id FROM orders")) {
            while (row.next()) {
                found.merge(row.getObject(1, UUID.class), 1, Integer::sum);
            }
        }
        return found;
    }
}
