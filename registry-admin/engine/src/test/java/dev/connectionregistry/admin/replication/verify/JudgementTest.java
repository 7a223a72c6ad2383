package dev.connectionregistry.admin.replication.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.replication.verify.TableSide.Bucket;
import dev.connectionregistry.admin.replication.verify.TableSide.KeylessTable;
import dev.connectionregistry.admin.replication.verify.TableSide.RowVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JudgementTest {
    /** {@code content@version}, or {@code -} for no row. */
    private static @Nullable RowVersion row(String text) {
        return text.equals("-") ? null : new RowVersion(text.split("@", -1)[0], text.split("@", -1)[1]);
    }

    @ParameterizedTest
    @CsvSource({
        "a@1, a@7, a@1, a@7, EQUAL",
        "-, -, -, -, EQUAL",
        "a@1, b@7, b@2, b@7, EQUAL", // it was on its way
        "a@1, -, a@1, a@8, EQUAL",
        "a@1, b@7, a@1, b@7, OTHER_CONTENT",
        "a@1, -, a@1, -, MISSING_ON_TARGET",
        "-, a@7, -, a@7, ONLY_ON_TARGET",
        "a@1, c@7, b@2, c@7, OTHER_CONTENT", // the target stood still while the source moved
        "a@1, b@7, a@3, c@8, UNDECIDED", // to b and back to a meanwhile
        "-, a@7, -, b@8, UNDECIDED", // inserted and deleted again and again
        "a@1, b@7, c@2, d@8, UNDECIDED"
    })
    void isADifferenceOnlyWhereOneSideStoodStillAroundALookAtTheOther(
            String source1, String target1, String source2, String target2, Judgement expected) {
        assertThat(Judgement.of(row(source1), row(target1), row(source2), row(target2)))
                .isEqualTo(expected);
    }

    /**
     * A source that writes at random, and a target that applies its log in order, each at its own pace, with the wait between looks
     * that the follower makes. Whatever happens in between, nothing is ever called a difference.
     */
    @Test
    void neverBlamesATargetThatMerelyFollows() {
        Random random = new Random(4711);
        int undecided = 0;
        for (int round = 0; round < 20_000; round++) {
            History history = new History(random);
            history.go();
            RowVersion source1 = history.source();
            history.catchUp();
            RowVersion target1 = history.target();
            history.go();
            RowVersion source2 = history.source();
            history.catchUp();
            RowVersion target2 = history.target();
            Judgement judgement = Judgement.of(source1, target1, source2, target2);
            assertThat(judgement.difference()).as("round %d", round).isEmpty();
            undecided += judgement == Judgement.UNDECIDED ? 1 : 0;
        }
        assertThat(undecided).as("the histories are wild enough to matter").isGreaterThan(100);
    }

    /** One row's life on both servers. Contents come back, versions never do. */
    private static final class History {
        private final Random random;
        private final List<String> log = new ArrayList<>(List.of("-"));
        private int applied;
        private int targetVersion = 1000;
        private @Nullable RowVersion onTarget;

        History(Random random) {
            this.random = random;
        }

        /** Some writes, and some of them applied. */
        void go() {
            for (int i = random.nextInt(4); i > 0; i--) {
                log.add(random.nextInt(3) == 0 ? "-" : random.nextBoolean() ? "a" : "b");
            }
            apply(applied + random.nextInt(log.size() - applied));
        }

        /** Everything that there is now; and, since the source goes on, perhaps more. */
        void catchUp() {
            int least = log.size() - 1;
            go();
            apply(Math.max(least, applied));
        }

        private void apply(int to) {
            while (applied < to) {
                applied++;
                String content = log.get(applied);
                onTarget = content.equals("-") ? null : new RowVersion(content, "t" + targetVersion++);
            }
        }

        @Nullable
        RowVersion source() {
            String content = log.get(log.size() - 1);
            return content.equals("-") ? null : new RowVersion(content, "s" + (log.size() - 1));
        }

        @Nullable
        RowVersion target() {
            return onTarget;
        }
    }

    @Test
    void ofAWholeTableIsADifferenceOnlyWhereBothStoodStill() {
        KeylessTable one = new KeylessTable(new Bucket(2, "x"), "v1");
        KeylessTable other = new KeylessTable(new Bucket(3, "y"), "v7");
        assertThat(Judgement.ofWhole(one, other, one, other)).isEqualTo(Judgement.OTHER_CONTENT);
        assertThat(Judgement.ofWhole(one, other, new KeylessTable(new Bucket(2, "x"), "v2"), other))
                .isEqualTo(Judgement.UNDECIDED);
        assertThat(Judgement.ofWhole(one, other, new KeylessTable(new Bucket(3, "y"), "v2"), other))
                .isEqualTo(Judgement.EQUAL);
    }
}
