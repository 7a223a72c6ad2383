package dev.connectionregistry.samples.fleet.show;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TimeAxisTest {

    @Test
    void labelsASecondsAxisFromItsLeftEdge() {
        TimeAxis axis = new TimeAxis(5_300_000, 35_300_000, 5_300_000, 0, 300);

        assertThat(axis.ticks(0, 10)).contains(">0 s<", ">2 s<", ">30 s<").doesNotContain("-2 s", "32 s");
        assertThat(axis.x(15_300_000)).isEqualTo(100);
    }

    @Test
    void labelsAMillisecondsAxisOnBothSidesOfItsZero() {
        TimeAxis axis = new TimeAxis(955_000, 1_105_000, 1_000_000, 0, 150);

        assertThat(axis.ticks(0, 10)).contains(">-40 ms<", ">0 ms<", ">100 ms<").doesNotContain("-50 ms", "110 ms");
        assertThat(axis.x(1_000_000)).isEqualTo(45);
    }

    @Test
    void keepsWhatLiesOutsideAtItsEdges() {
        TimeAxis axis = new TimeAxis(0, 100, 0, 10, 20);

        assertThat(axis.x(-5)).isEqualTo(10);
        assertThat(axis.x(500)).isEqualTo(20);
    }
}
