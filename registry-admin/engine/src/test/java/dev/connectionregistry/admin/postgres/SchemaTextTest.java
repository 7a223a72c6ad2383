package dev.connectionregistry.admin.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.server.SchemaDifference;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SchemaTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "timezone('utc'::text, now()) | (now() AT TIME ZONE 'utc'::text)",
                "date_part('year'::text, born) > (1900)::double precision | EXTRACT(year FROM born) > (1900)::numeric",
                "(btrim((name)::text) <> ''::text) | (TRIM(BOTH FROM name) <> ''::text)",
                "\"position\"((name)::text, 'x'::text) | POSITION(('x'::text) IN (name))",
                "\"substring\"('abc'::text, 1, 2) | SUBSTRING('abc'::text FROM 1 FOR 2)",
                "f(a, b \"My S\".t) | f(IN a, IN b \"My S\".t)",
            })
    void isTheSameForOldAndNewNotation(String old, String newer) {
        assertThat(SchemaText.normalise(newer)).isEqualTo(SchemaText.normalise(old));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "c numeric(5,2) | c numeric(5,3)",
                "c integer | c bigint",
                "DEFAULT 1 | DEFAULT 2",
                "(a > 1) | (a >= 1)",
                "c timestamp(3) with time zone | c timestamp(3) without time zone",
            })
    void tellsApartWhatDiffers(String one, String other) {
        assertThat(SchemaText.normalise(one)).isNotEqualTo(SchemaText.normalise(other));
    }

    @Test
    void namesTheFirstDifferencesOfEachSideAndCountsTheRest() {
        assertThat(SchemaDifference.between(List.of("a", "b", "c", "d"), List.of("d", "e"), 2))
                .containsExactly(
                        "only on the source: a",
                        "only on the source: b",
                        "only on the source: and 1 more",
                        "only on the target: e");
    }
}
