package dev.connectionregistry.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Objects;

/**
 * Picks loopback ports below the range from which the system takes the ports of outgoing connections. A port from that
 * range could be taken by any client while a server is stopped between two starts, and a client that keeps
 * reconnecting to it can even end up connected to itself.
 */
final class Ports {

    /** 127.0.0.1, even if the JVM prefers IPv6. */
    static final InetAddress LOOPBACK = loopback();

    private static final int LOWEST = 15_000;
    private static final int HIGHEST = 32_000;
    private static final int TRIES = 200;
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
    private static final SecureRandom RANDOM = new SecureRandom();

    private Ports() {}

    /**
     * A port that was free a moment ago. Another process may take it, so the caller must be ready to try another one.
     */
    static int free() {
        int highest = Math.min(HIGHEST, firstOutgoing() - 1);
        for (int i = 0; i < TRIES && highest > LOWEST; i++) {
            int port = LOWEST + RANDOM.nextInt(highest - LOWEST);
            if (bindable(port)) {
                return port;
            }
        }
        try (ServerSocket any = new ServerSocket(0, 1, LOOPBACK)) {
            return any.getLocalPort();
        } catch (IOException e) {
            throw new LocalServerException("No free loopback port", e);
        }
    }

    private static boolean bindable(int port) {
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true);
            socket.bind(new InetSocketAddress(LOOPBACK, port), 1);
            return true;
        } catch (IOException taken) {
            return false;
        }
    }

    private static InetAddress loopback() {
        try {
            return InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
        } catch (UnknownHostException e) {
            throw new AssertionError("Four bytes are an address", e);
        }
    }

    private static int firstOutgoing() {
        // a reader, because of its large buffer: this file reports its end after the first read, however short
        try (BufferedReader reader = Files.newBufferedReader(RANGE)) {
            String range = Objects.requireNonNullElse(reader.readLine(), "");
            return Integer.parseInt(range.strip().split("\\s+", -1)[0]);
        } catch (IOException | NumberFormatException notLinux) {
            return 49_152; // IANA's recommendation, which macOS uses
        }
    }
}
