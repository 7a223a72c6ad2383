package dev.connectionregistry.admin.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TableNameTest {
    @Test
    void keepsWhateverTheNamesAre() {
        TableName table = new TableName("Größe", "a \"b\".c");
        assertThat(table.sql()).isEqualTo("\"Größe\".\"a \"\"b\"\".c\"");
        assertThat(table).hasToString("\"Größe\".\"a \"\"b\"\".c\"");
        assertThat(new TableName("public", "orders")).hasToString("public.orders");
    }
}
