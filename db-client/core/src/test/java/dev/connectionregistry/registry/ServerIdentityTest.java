package dev.connectionregistry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a server says of itself goes into reports; one that lies must not make an instance unreadable. */
class ServerIdentityTest {
    private static final Instant NOW = Instant.parse("2026-11-01T12:00:00Z");

    @Test
    void takesWhatPostgresSays() {
        ServerIdentity identity = new ServerIdentity(Optional.of("7432109876543210987"), 16_384, "o".repeat(63), NOW);
        assertThat(identity.serverStartedAt()).isEqualTo(NOW);
    }

    @Test
    void refusesWhatNoReportCanCarry() {
        Instant infinity = OffsetDateTime.MAX.toInstant(); // as the driver reads 'infinity'
        assertThatThrownBy(() -> new ServerIdentity(Optional.empty(), 1, "orders", infinity))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("+1000000000");
        assertThatThrownBy(() -> new ServerIdentity(Optional.of("7".repeat(256)), 1, "orders", NOW))
                .hasMessageContaining("255 characters");
        assertThatThrownBy(() -> new ServerIdentity(Optional.empty(), 1, "o".repeat(256), NOW))
                .hasMessageContaining("255 characters");
    }
}
