package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which tables are small enough to be counted while callers wait, and which are only estimated. Pure.
 *
 * @param counted small ones, the smallest first
 * @param estimated the others
 * @param apart the estimated tables whose estimates are far apart, in words
 */
public record CountChoice(List<TableName> counted, List<TableName> estimated, List<String> apart) {
    public static final CountChoice NONE = new CountChoice(List.of(), List.of(), List.of());

    private static final int MOST_TABLES = 100;
    private static final long MOST_ROWS = 20_000;
    private static final long MOST_BYTES = 4L << 20;
    private static final long ALL_ROWS = 100_000;
    private static final long ALL_BYTES = 16L << 20;
    /** The statistics of two servers never come from the same moment. */
    private static final double TOLERANCE = 0.2;

    public CountChoice {
        counted = List.copyOf(counted);
        estimated = List.copyOf(estimated);
        apart = List.copyOf(apart);
    }

    /** Chooses among the tables that both servers have, by the sizes that each of them reports. */
    public static CountChoice of(Collection<TableSize> source, Collection<TableSize> target) {
        Map<TableName, TableSize> there = new TreeMap<>();
        target.forEach(each -> there.put(each.name(), each));
        List<Both> pairs = source.stream()
                .flatMap(each ->
                        Optional.ofNullable(there.get(each.name())).map(other -> new Both(each, other)).stream())
                .toList();
        List<TableSize> both = pairs.stream()
                .map(Both::larger)
                .sorted(Comparator.comparingLong(TableSize::bytes).thenComparing(TableSize::name))
                .toList();
        List<TableName> counted = new ArrayList<>();
        List<TableName> estimated = new ArrayList<>();
        long rows = 0;
        long bytes = 0;
        for (TableSize each : both) {
            boolean small = counted.size() < MOST_TABLES
                    && each.rows() <= MOST_ROWS
                    && each.bytes() <= MOST_BYTES
                    && rows + each.rows() <= ALL_ROWS
                    && bytes + each.bytes() <= ALL_BYTES;
            (small ? counted : estimated).add(each.name());
            rows += small ? each.rows() : 0;
            bytes += small ? each.bytes() : 0;
        }
        List<String> apart = pairs.stream()
                .filter(each -> estimated.contains(each.source().name()) && each.areApart())
                .map(Both::text)
                .toList();
        return new CountChoice(counted, estimated.stream().sorted().toList(), apart);
    }

    /** One table's sizes on both servers. */
    private record Both(TableSize source, TableSize target) {
        TableSize larger() {
            return new TableSize(
                    source.name(), Math.max(source.rows(), target.rows()), Math.max(source.bytes(), target.bytes()));
        }

        /** If one server has no statistics yet, nothing is known. */
        boolean areApart() {
            return source.rows() > 0
                    && target.rows() > 0
                    && Math.abs(source.rows() - target.rows()) > TOLERANCE * Math.max(source.rows(), target.rows());
        }

        String text() {
            return source.name() + " (about " + source.rows() + " and " + target.rows() + " rows)";
        }
    }

    /** The same choice, but only the smaller half is counted. */
    public CountChoice halved() {
        int half = counted.size() / 2;
        List<TableName> rest = new ArrayList<>(counted.subList(half, counted.size()));
        rest.addAll(estimated);
        return new CountChoice(counted.subList(0, half), rest.stream().sorted().toList(), apart);
    }
}
