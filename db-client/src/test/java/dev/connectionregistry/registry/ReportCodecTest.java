package dev.connectionregistry.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportCodecTest {
    private static final InstanceReport REPORT = new InstanceReport(
            new DatabaseName("orders"),
            "checkout",
            "host-1",
            InstanceState.REJECTED,
            7,
            8,
            "db1:5432/orders",
            Duration.ofSeconds(1),
            Duration.ofSeconds(30),
            42,
            Instant.parse("2026-11-01T12:00:00Z"),
            Instant.parse("2026-11-01T12:00:30Z"),
            new PoolFigures(3, 2, 1, 10),
            4,
            Optional.of("version 8 can't be used"),
            "0.1.0",
            InstanceReport.PROTOCOL);

    @Test
    void readsBackWhatItWrote() {
        assertThat(ReportCodec.report(ReportCodec.toDocument(REPORT))).isEqualTo(REPORT);
    }

    @Test
    void keepsAnInstanceWhoseStateANewerClientInvented() {
        Map<String, Object> document = ReportCodec.toDocument(REPORT);
        document.put("state", "TELEPORTING");
        assertThat(ReportCodec.report(document).state()).isEqualTo(InstanceState.UNKNOWN);
    }

    @Test
    void namesWhatIsMissing() {
        Map<String, Object> document = ReportCodec.toDocument(REPORT);
        document.remove("sequence");
        assertThatThrownBy(() -> ReportCodec.report(document))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("'sequence'");
    }
}
