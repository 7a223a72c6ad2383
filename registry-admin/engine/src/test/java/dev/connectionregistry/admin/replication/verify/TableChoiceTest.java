package dev.connectionregistry.admin.replication.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.admin.replication.verify.TableChoice.RowRange;
import dev.connectionregistry.admin.replication.verify.TableShape.ColumnShape;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TableChoiceTest {
    private static final TableName ORDERS = new TableName("public", "orders");
    private static final TableName ODD = new TableName("My Schema", "Ta:b=\"le");
    private final TableChoice choice =
            new TableChoice(List.of(ORDERS, new TableName("old", "events"), ODD, new TableName("new", "events")));

    @ParameterizedTest
    @ValueSource(strings = {"orders", "public.orders", "\"public\".\"orders\""})
    void knowsATableByEachOfItsSpellings(String text) {
        assertThat(choice.one(text)).isEqualTo(ORDERS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"My Schema.Ta:b=\"le", "Ta:b=\"le", "\"My Schema\".\"Ta:b=\"\"le\"", "\"Ta:b=\"\"le\""})
    void knowsNamesOfAnyCharacters(String text) {
        assertThat(choice.one(text)).isEqualTo(ODD);
    }

    @Test
    void saysWhatItCanNotTell() {
        assertThatThrownBy(() -> choice.one("events"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("new.events")
                .hasMessageContaining("old.events");
        assertThatThrownBy(() -> choice.one("gone"))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("no table gone");
    }

    @Test
    void readsMarksAlsoWhereNamesContainTheirSigns() {
        TableShape odd = new TableShape(
                ODD,
                false,
                false,
                List.of(new ColumnShape("a=t", "date", "text", "", "", false)),
                List.of(),
                0,
                0,
                "UTF8",
                Optional.empty());
        assertThat(TableChoice.mark("Ta:b=\"le:a=t=2026-11-01", true, List.of(odd))
                        .mark())
                .isEqualTo(new RowRange("a=t", true, "2026-11-01"));
        assertThatThrownBy(() -> TableChoice.mark("Ta:b=\"le:b=1", true, List.of(odd)))
                .hasMessageContaining("TABLE:COLUMN=VALUE");
    }
}
