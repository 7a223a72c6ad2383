package dev.connectionregistry.admin.replication;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.admin.server.TableSize;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CountChoiceTest {
    private static TableSize size(String name, long rows, long bytes) {
        return new TableSize(table(name), rows, bytes);
    }

    private static TableName table(String name) {
        return new TableName("public", name);
    }

    @Test
    void countsSmallTablesAndNamesTheOthers() {
        List<TableSize> source =
                List.of(size("large", 30_000, 1 << 20), size("wide", 10, 5 << 20), size("small", 10, 8192));
        CountChoice choice = CountChoice.of(source, source);
        assertThat(choice.counted()).containsExactly(table("small"));
        assertThat(choice.estimated()).containsExactly(table("large"), table("wide"));
        assertThat(choice.apart()).isEmpty();
    }

    @Test
    void takesTheLargerOfTwoSizesSinceOneServerMayHaveNoStatistics() {
        assertThat(CountChoice.of(List.of(size("a", 0, 8192)), List.of(size("a", 30_000, 8192)))
                        .counted())
                .isEmpty();
        assertThat(CountChoice.of(List.of(size("a", 0, 8192)), List.of()).counted())
                .as("not on both")
                .isEmpty();
    }

    @Test
    void stopsWhereAllTogetherWouldTakeTooLong() {
        List<TableSize> many = IntStream.range(0, 300)
                .mapToObj(i -> size("t" + i, 5_000, 8192))
                .toList();
        CountChoice choice = CountChoice.of(many, many);
        assertThat(choice.counted()).hasSize(20);
        assertThat(choice.estimated()).hasSize(280);
        assertThat(choice.halved().counted())
                .hasSize(10)
                .isEqualTo(choice.counted().subList(0, 10));
        assertThat(choice.halved().estimated()).hasSize(290);
    }

    @Test
    void namesLargeTablesWhoseEstimatesAreFarApart() {
        CountChoice choice = CountChoice.of(
                List.of(size("a", 100_000, 1), size("b", 100_000, 1), size("c", 100_000, 1)),
                List.of(size("a", 70_000, 1), size("b", 95_000, 1), size("c", 0, 1)));
        assertThat(choice.apart()).containsExactly("public.a (about 100000 and 70000 rows)");
    }
}
