package dev.connectionregistry.internal.pool;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PoolHealthTest {
    private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 1000); // wraps around while it runs, as it may
    private final PoolHealth health = new PoolHealth(now::get);

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    @Test
    void aPoolWithoutConnectionsIsInTroubleWithItsFirstFailure() {
        assertThat(health.trouble(0)).isNull();
        long began = now.get();
        health.failed(new SQLException("refused", "08001"));
        pass(Duration.ofSeconds(40));
        health.failed(new SQLException("starting up", "57P03"));
        assertThat(health.trouble(0)).isEqualTo(new ServingPoolProblem("starting up", began));
        assertThat(health.opened()).isTrue();
        assertThat(health.trouble(0)).isNull();
        assertThat(health.opened()).isFalse();
    }

    @Test
    void aPoolThatServesOnIsInTroubleOnlyWhenItLasts() {
        health.failed(new SQLException("too many clients", "53300"));
        assertThat(health.trouble(3)).isNull();
        pass(PoolHealth.HICCUP);
        assertThat(health.trouble(3)).isNotNull();
    }

    @Test
    void aServerThatTakesNoWritesIsTroubleAtOnce() {
        health.failed(new SQLException("is read-only", "25006"));
        assertThat(health.isRefusingWrites()).isTrue();
        assertThat(health.trouble(3)).isNotNull();
    }

    @Test
    void refusedWritesAreAReasonToAskOnlyEveryFiveSeconds() {
        assertThat(health.isLookDue()).isTrue();
        assertThat(health.isLookDue()).isFalse();
        pass(Duration.ofSeconds(5));
        assertThat(health.isLookDue()).isTrue();
        assertThat(health.isLookDue()).isFalse();
    }

    @Test
    void aServerInTroubleThatNobodyTriesIsForgotten() {
        assertThat(health.isForgotten(Duration.ofSeconds(5))).isFalse();
        health.failed(new SQLException("refused", "08001"));
        assertThat(health.isForgotten(Duration.ofSeconds(5))).isFalse();
        pass(Duration.ofSeconds(5));
        assertThat(health.isForgotten(Duration.ofSeconds(5))).isTrue();
    }
}
