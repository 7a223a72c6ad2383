package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.InstanceReport;
import org.junit.jupiter.api.Test;

class ApplicationNameTest {
    @Test
    void isServiceAndInstanceWhereTheyFit() {
        assertThat(InstanceReport.applicationName("checkout", "host-1")).isEqualTo("checkout/host-1");
    }

    @Test
    void keepsTheEndOfALongInstanceWhichTellsItFromItsSiblings() {
        String service = "a-service-with-a-name-that-somebody-thought-about-for-too-long";
        String one = InstanceReport.applicationName(service, service.substring(3) + "-x1");
        String other = InstanceReport.applicationName(service, service.substring(3) + "-x2");
        assertThat(one).hasSize(63).startsWith("a-service-with-a-name/").endsWith("-x1");
        assertThat(other).hasSize(63).isNotEqualTo(one);
    }
}
