package dev.connectionregistry.benchmarks.group;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MovedTest {
    @Test
    void bothHaveTheSameNumberOfInstances() {
        assertThat(Moved.ONE.instances()).isEqualTo(3 * Moved.GROUP.instances());
    }

    @Test
    void eachRoundHasDatabasesOfItsOwn() {
        assertThat(Moved.ONE.databases(1)).containsExactly("round_1_one_0");
        assertThat(Moved.GROUP.databases(2)).containsExactly("round_2_group_0", "round_2_group_1");
    }
}
