package dev.connectionregistry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class PortsTest {

    @Test
    @EnabledOnOs(OS.LINUX)
    void picksPortsThatNoClientCanBeGiven() throws IOException {
        int firstOutgoing = firstOutgoing();
        assumeTrue(firstOutgoing > 20_000, "the system's range leaves room");
        assertThat(IntStream.range(0, 50).map(i -> Ports.free())).allMatch(port -> port < firstOutgoing);
    }

    private static int firstOutgoing() throws IOException {
        try (BufferedReader reader = Files.newBufferedReader(Path.of("/proc/sys/net/ipv4/ip_local_port_range"))) {
            return Integer.parseInt(reader.readLine().split("\\s+", -1)[0]);
        }
    }
}
