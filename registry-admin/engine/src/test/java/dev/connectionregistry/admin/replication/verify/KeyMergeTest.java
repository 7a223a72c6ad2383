package dev.connectionregistry.admin.replication.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.verify.TableSide.KeyRow;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeyMergeTest {
    private static List<KeyRow> rows(String... texts) {
        return Stream.of(texts)
                .map(each -> new KeyRow(each.substring(0, 1), List.of(each.substring(0, 1)), each.substring(1)))
                .toList();
    }

    private static List<String> found(List<KeyRow> source, List<KeyRow> target, int atMost) throws Exception {
        return new KeyMerge(KeyMerge.of(source), KeyMerge.of(target))
                .next(atMost).stream().map(each -> each.get(0)).toList();
    }

    @Test
    void findsWhatOneSideLacksHasTwiceOrHasOtherwise() throws Exception {
        assertThat(found(rows("a1", "b1", "c1", "e1", "f1"), rows("a1", "c2", "d1", "e1", "f1", "f1"), 9))
                .containsExactly("b", "c", "d", "f");
        assertThat(found(rows(), rows("a1", "b1"), 9)).containsExactly("a", "b");
        assertThat(found(rows("a1", "b1"), rows(), 9)).containsExactly("a", "b");
        assertThat(found(rows(), rows(), 9)).isEmpty();
        assertThat(found(rows("a1", "a1"), rows("a1", "a1"), 9))
                .as("a key that is none")
                .containsExactly("a");
    }

    @Test
    void goesOnWhereItStopped() throws Exception {
        KeyMerge merge = new KeyMerge(KeyMerge.of(rows("a1", "b1", "c1")), KeyMerge.of(rows("b2")));
        assertThat(merge.next(2)).containsExactly(List.of("a"), List.of("b"));
        assertThat(merge.next(2)).containsExactly(List.of("c"));
        assertThat(merge.next(2)).isEmpty();
    }
}
