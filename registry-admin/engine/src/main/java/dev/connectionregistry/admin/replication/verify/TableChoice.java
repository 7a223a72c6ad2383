package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Finds the tables that somebody means among those that exist. Pure; thread-safe. */
public final class TableChoice {
    private final List<TableName> tables;

    public TableChoice(List<TableName> tables) {
        this.tables = List.copyOf(tables);
    }

    /**
     * The table that {@code text} names: as it is shown, as written in SQL, or unquoted with or without its schema.
     *
     * @throws InvalidSettingsException if no table has that name, or several have
     */
    public TableName one(String text) {
        List<TableName> fitting =
                tables.stream().filter(each -> spellings(each).contains(text)).toList();
        if (fitting.isEmpty()) {
            throw new InvalidSettingsException("there is no table " + text + " among the " + tables.size()
                    + " of the source" + (tables.isEmpty() ? "" : ", such as " + tables.get(0)));
        }
        if (fitting.size() > 1) {
            throw new InvalidSettingsException("'" + text + "' may be each of " + fitting + "; give the schema too");
        }
        return fitting.get(0);
    }

    /** All tables that are named; every name must be a table's. */
    public Set<TableName> all(List<String> texts) {
        Set<TableName> named = new TreeSet<>();
        texts.forEach(each -> named.add(one(each)));
        return named;
    }

    private static Set<String> spellings(TableName table) {
        String schema = table.schema() + ".";
        String shown = table.toString();
        return Set.copyOf(List.of(
                shown,
                table.sql(),
                schema + table.name(),
                table.name(),
                shown.substring(shown.length() - shown(table).length())));
    }

    private static String shown(TableName table) {
        return new TableName("s", table.name()).toString().substring(2);
    }

    /**
     * The mark that {@code text} sets.
     *
     * @param text {@code TABLE:COLUMN=VALUE}
     * @param shapes the source's tables
     * @throws InvalidSettingsException if the table or column doesn't exist, or the text has another form
     */
    static Marked mark(String text, boolean before, List<TableShape> shapes) {
        List<Marked> fitting = new ArrayList<>();
        for (TableShape shape : shapes) {
            spellings(shape.name()).stream()
                    .filter(each -> text.startsWith(each + ":"))
                    .findFirst()
                    .flatMap(each -> column(text.substring(each.length() + 1), before, shape))
                    .ifPresent(mark -> fitting.add(new Marked(shape.name(), mark)));
        }
        if (fitting.size() != 1) {
            throw new InvalidSettingsException("'" + text + "' names " + (fitting.isEmpty() ? "no" : "more than one")
                    + " column of a table of the source; write TABLE:COLUMN=VALUE, such as"
                    + " public.events:created_at=2026-11-01");
        }
        return fitting.get(0);
    }

    private static Optional<RowRange> column(String text, boolean before, TableShape shape) {
        return shape.columns().stream()
                .filter(each -> text.startsWith(each.name() + "="))
                .findFirst()
                .map(each -> new RowRange(
                        each.name(), before, text.substring(each.name().length() + 1)));
    }

    record Marked(TableName table, RowRange mark) {}

    /**
     * The part of a table that is compared. Immutable.
     *
     * @param column the column that decides
     * @param before whether the rows below the value count, or those from it on
     * @param value as a person writes it; the server reads it as the column's type, times without a zone as UTC
     */
    public record RowRange(String column, boolean before, String value) {
        /** {@code created_at before 2026-11-01}. */
        @Override
        public String toString() {
            return column + (before ? " before " : " from ") + value;
        }
    }
}
