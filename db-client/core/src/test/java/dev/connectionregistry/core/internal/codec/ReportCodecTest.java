package dev.connectionregistry.core.internal.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.HeldCommitment;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.PoolFigures;
import dev.connectionregistry.registry.PoolProblem;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReportCodecTest {
    private static final InstanceReport REPORT = InstanceReport.builder(
                    new DatabaseName("orders"), "checkout", "host-1")
            .state(InstanceState.REJECTED)
            .version(7)
            .acknowledgedVersion(8)
            .endpoint("db1:5432/orders")
            .pollInterval(Duration.ofSeconds(1))
            .heartbeat(Duration.ofSeconds(30))
            .sequence(42)
            .since(Instant.parse("2026-11-01T12:00:00Z"))
            .reportedAt(Instant.parse("2026-11-01T12:00:30Z"))
            .pool(new PoolFigures(3, 2, 1, 10))
            .cutConnections(4)
            .lastError(Optional.of("version 8 can't be used"))
            .clientVersion("0.1.0")
            .server(Optional.of(new ServerIdentity(
                    Optional.of("7300000000000000001"), 16384, "orders", Instant.parse("2026-10-01T00:00:00.123456Z"))))
            .problem(Optional.of(new PoolProblem("connection refused", Instant.parse("2026-11-01T11:59:00Z"))))
            .refusedVersion(Optional.of(8L))
            .bounds(Map.of("endpoints", List.of("*.internal:5432"), "auth", List.of("!password")))
            .incarnation(Optional.of("3f9a1b2c"))
            .heldCommitment(Optional.of(new HeldCommitment(44, "0123456789abcdef")))
            .build();

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
    void readsTheReportOfAnOlderClient() {
        Map<String, Object> document = ReportCodec.toDocument(REPORT);
        document.keySet()
                .removeAll(List.of(
                        "server",
                        "problem",
                        "problemSince",
                        "refusedVersion",
                        "bounds",
                        "incarnation",
                        "heldVersion",
                        "heldDigest"));
        assertThat(ReportCodec.report(document))
                .returns(Optional.empty(), InstanceReport::server)
                .returns(Optional.empty(), InstanceReport::problem)
                .returns(Optional.empty(), InstanceReport::refusedVersion)
                .returns(Optional.empty(), InstanceReport::incarnation)
                .returns(Optional.empty(), InstanceReport::heldCommitment)
                .returns(Map.of(), InstanceReport::bounds);
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
