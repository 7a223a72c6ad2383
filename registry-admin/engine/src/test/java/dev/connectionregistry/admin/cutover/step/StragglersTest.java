package dev.connectionregistry.admin.cutover.step;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.run.FleetWait;
import dev.connectionregistry.admin.fleet.FleetMember;
import dev.connectionregistry.admin.fleet.FleetMember.Liveness;
import dev.connectionregistry.registry.InstanceReport;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.settings.DatabaseName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StragglersTest {
    @Test
    void knowsSessionsByTheirApplicationName() {
        FleetMember short1 = member("checkout", "a");
        assertThat(Stragglers.isNamed("checkout/a", short1)).isTrue();
        assertThat(Stragglers.isNamed("checkout/b", short1)).isFalse();
        assertThat(Stragglers.isNamed("", short1)).isFalse();
        assertThat(Stragglers.isNamed("psql", short1)).isFalse();
    }

    @Test
    void knowsNamesThatWereShortenedTo63Bytes() {
        String service = "s".repeat(40);
        String instance = "i".repeat(40) + "-end";
        FleetMember member = member(service, instance);
        String head = service.substring(0, 21) + "/";
        String application = head + instance.substring(instance.length() - (63 - head.length()));
        assertThat(Stragglers.isNamed(application, member)).isTrue();
        assertThat(Stragglers.isNamed(application, member(service, "other" + "x".repeat(40))))
                .isFalse();
    }

    @Test
    void namesTenOfManyThatAreMissingSinceTheCauseGoesIntoTheJournal() {
        List<FleetMember> missing = IntStream.range(0, 300)
                .mapToObj(number -> member("checkout", "i-" + number))
                .toList();
        assertThat(FleetWait.missing(missing))
                .contains("checkout/i-0 is HOLDING", "checkout/i-9 is HOLDING")
                .doesNotContain("checkout/i-10 ")
                .endsWith(" and 290 more");
        assertThat(FleetWait.missing(missing.subList(0, 10))).doesNotContain("more");
    }

    private static FleetMember member(String service, String instance) {
        InstanceReport report = InstanceReport.builder(new DatabaseName("orders"), service, instance)
                .state(InstanceState.HOLDING)
                .version(1)
                .acknowledgedVersion(1)
                .pollInterval(Duration.ofSeconds(1))
                .heartbeat(Duration.ofSeconds(30))
                .sequence(1)
                .since(Instant.EPOCH)
                .reportedAt(Instant.EPOCH)
                .clientVersion("test")
                .build();
        return new FleetMember(
                report,
                Liveness.LIVE,
                Duration.ZERO,
                Duration.ZERO,
                Optional.empty(),
                0,
                Optional.empty(),
                false,
                false);
    }
}
