package dev.connectionregistry.local;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

/**
 * Forwards TCP connections from a loopback port to a server, and simulates faults of the network in between.
 *
 * <p>Put it in front of a server to test an outage: unlike a stopped server, a cut connection comes back at once and
 * with the server's data. Thread-safe. The caller owns it and must {@link #close()} it, which ends all its threads
 * (named {@code tcp-gate-<port>-...}).
 */
public final class TcpGate implements AutoCloseable {

    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int TRIES = 3;
    private static final int BACKLOG = 200;

    private final ServerSocket listener;
    private final Traffic traffic;
    private final OwnedThreads threads;

    private TcpGate(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.traffic = new Traffic(target);
        this.threads = new OwnedThreads("tcp-gate-" + listener.getLocalPort());
    }

    /**
     * Opens a gate to a server on a free port.
     *
     * @throws LocalServerException if there is no free port
     */
    public static TcpGate to(String host, int port) {
        for (int tries = 1; ; tries++) {
            int own = Ports.free();
            try {
                ServerSocket listener = new ServerSocket(own, BACKLOG, Ports.LOOPBACK);
                TcpGate gate = new TcpGate(listener, address(host, port));
                gate.threads.run("accept", gate::accept);
                return gate;
            } catch (IOException e) {
                if (tries == TRIES) {
                    throw new LocalServerException("Cannot open a gate on port " + own, e);
                }
            }
        }
    }

    /** The address clients connect to: always 127.0.0.1. */
    public String host() {
        return "127.0.0.1";
    }

    /** The port clients connect to. */
    public int port() {
        return listener.getLocalPort();
    }

    /** Resets all connections, and every new connection at once, until {@link #heal()}. */
    public void cut() {
        traffic.become(Traffic.State.CUT).forEach(Link::reset);
    }

    /** Accepts connections but forwards nothing, in either direction, until {@link #heal()}; nothing is lost. */
    public void hang() {
        traffic.become(Traffic.State.HUNG);
    }

    /** Ends {@link #cut()}, {@link #hang()} and {@link #delay}; forwards what was held back. */
    public void heal() {
        traffic.heal();
    }

    /** Delays all data by this much, in each direction, from now on. */
    public void delay(Duration value) {
        traffic.delay(value);
    }

    /** Sends new connections to another server; existing ones stay. */
    public void redirect(String host, int port) {
        traffic.redirect(address(host, port));
    }

    /** The number of connections that are open or waiting. */
    public int connections() {
        return traffic.connections();
    }

    /**
     * Resets all connections, frees the port and waits for the threads; idempotent.
     *
     * @throws LocalServerException if a thread does not end within 10 seconds
     */
    @Override
    public void close() {
        List<Link> open = traffic.become(Traffic.State.CLOSED);
        Link.closeQuietly(listener);
        open.forEach(Link::reset);
        threads.awaitEnd(CLOSE_TIMEOUT);
    }

    @Override
    public String toString() {
        return "TCP gate on 127.0.0.1:" + port() + ", " + traffic;
    }

    private void accept() {
        for (int number = 1; !listener.isClosed(); number++) {
            try {
                Link link = new Link(listener.accept(), traffic);
                if (traffic.admit(link)) {
                    forward(link, number);
                } else {
                    link.reset();
                }
            } catch (IOException closedOrOutOfFiles) {
                // the loop ends with the listener; any other failure concerns one client only
            }
        }
    }

    private void forward(Link link, int number) {
        threads.run(
                number + "-up", () -> link.connectAndForward(() -> threads.run(number + "-down", link::forwardDown)));
    }

    private static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getAllByName(host)[0], port);
        } catch (UnknownHostException e) {
            throw new LocalServerException("No host " + host, e);
        }
    }
}
