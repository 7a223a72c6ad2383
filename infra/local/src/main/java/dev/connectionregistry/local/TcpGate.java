package dev.connectionregistry.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Forwards TCP connections from a loopback port to a server, and plays faults of the network between.
 *
 * <p>To be put in front of a server whose outage is to be tested: unlike a stopped server it comes back at once and with
 * its data. Thread-safe. The caller owns it and must {@link #close()} it, which ends all its threads (named
 * {@code tcp-gate-<port>-...}).
 */
public final class TcpGate implements AutoCloseable {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);
    private static final int BUFFER = 16 * 1024;

    private enum State {
        OPEN,
        CUT,
        HUNG,
        CLOSED
    }

    private final ServerSocket listener;
    private final Object lock = new Object();
    /** Guarded by "lock", as all below. */
    private final Set<Link> links = new HashSet<>();

    private final Set<Thread> threads = new HashSet<>();
    private State state = State.OPEN;
    private Duration delay = Duration.ZERO;
    private InetSocketAddress target;

    private TcpGate(ServerSocket listener, InetSocketAddress target) {
        this.listener = listener;
        this.target = target;
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
                ServerSocket listener = new ServerSocket(own, 200, Ports.LOOPBACK);
                TcpGate gate = new TcpGate(listener, address(host, port));
                gate.run("accept", gate::accept);
                return gate;
            } catch (IOException e) {
                if (tries == 3) {
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

    /** Resets all connections, and every new one as soon as it is made, until {@link #heal()}. */
    public void cut() {
        List<Link> cut;
        synchronized (lock) {
            become(State.CUT);
            cut = List.copyOf(links);
        }
        cut.forEach(Link::reset);
    }

    /** Accepts connections and passes nothing on, in either direction, until {@link #heal()}, which loses nothing. */
    public void hang() {
        synchronized (lock) {
            become(State.HUNG);
        }
    }

    /** Ends a {@link #cut()}, {@link #hang()} and {@link #delay}; what had been held back is passed on. */
    public void heal() {
        synchronized (lock) {
            delay = Duration.ZERO;
            become(State.OPEN);
        }
    }

    /** Holds every piece of data for this long before passing it on, in each direction, from now on. */
    public void delay(Duration value) {
        synchronized (lock) {
            delay = value;
            lock.notifyAll();
        }
    }

    /** Sends connections made from now on to another server; those there are stay. */
    public void redirect(String host, int port) {
        InetSocketAddress other = address(host, port);
        synchronized (lock) {
            target = other;
        }
    }

    /** The number of connections that are open or held. */
    public int connections() {
        synchronized (lock) {
            return links.size();
        }
    }

    /**
     * Resets all connections, frees the port and waits for the threads; idempotent.
     *
     * @throws LocalServerException if a thread does not end within 10 seconds
     */
    @Override
    public void close() {
        List<Link> open;
        List<Thread> running;
        synchronized (lock) {
            state = State.CLOSED;
            lock.notifyAll();
            open = List.copyOf(links);
            running = List.copyOf(threads);
        }
        closeQuietly(listener);
        open.forEach(Link::reset);
        Deadline deadline = Deadline.in(CLOSE_TIMEOUT);
        for (Thread thread : running) {
            try {
                thread.join(Math.max(1, deadline.remaining().toMillis()));
            } catch (InterruptedException e) {
                throw LocalServerException.interrupted("the threads of " + this, e);
            }
            if (thread.isAlive()) {
                throw new LocalServerException(thread.getName() + " had not ended after " + CLOSE_TIMEOUT);
            }
        }
    }

    @Override
    public String toString() {
        synchronized (lock) {
            return "TCP gate " + state + " from 127.0.0.1:" + port() + " to " + target;
        }
    }

    /** A closed gate stays closed. */
    private void become(State value) {
        if (state == State.CLOSED) {
            throw new IllegalStateException("The gate on port " + port() + " is closed");
        }
        state = value;
        lock.notifyAll();
    }

    private void run(String name, Runnable task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } finally {
                        synchronized (lock) {
                            threads.remove(Thread.currentThread());
                        }
                    }
                },
                "tcp-gate-" + port() + "-" + name);
        thread.setDaemon(true);
        synchronized (lock) {
            if (state == State.CLOSED) {
                return;
            }
            threads.add(thread);
            thread.start();
        }
    }

    private void accept() {
        for (int number = 1; !listener.isClosed(); number++) {
            try {
                Link link = new Link(listener.accept(), number);
                if (admit(link)) {
                    run(number + "-up", link::connectAndForward);
                } else {
                    link.reset();
                }
            } catch (IOException closedOrOutOfFiles) {
                // the loop ends with the listener; any other failure concerns one client only
            }
        }
    }

    private boolean admit(Link link) {
        synchronized (lock) {
            return (state == State.OPEN || state == State.HUNG) && links.add(link);
        }
    }

    private static InetSocketAddress address(String host, int port) {
        try {
            return new InetSocketAddress(InetAddress.getAllByName(host)[0], port);
        } catch (UnknownHostException e) {
            throw new LocalServerException("No host " + host, e);
        }
    }

    private static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // closing was all that was wanted
        }
    }

    /** One client's connection and the one to the server. */
    private final class Link {

        private final Socket client;
        private final Socket server = new Socket();
        private final int number;
        /** Guarded by "lock", as the next one. */
        private boolean closed;

        private int directions = 2;

        Link(Socket client, int number) {
            this.client = client;
            this.number = number;
        }

        void connectAndForward() {
            try {
                InetSocketAddress address = awaitPassage();
                if (address == null) {
                    return;
                }
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                server.connect(address, (int) CONNECT_TIMEOUT.toMillis());
            } catch (IOException unreachable) {
                reset();
                return;
            }
            run(number + "-down", () -> forward(server, client));
            forward(client, server);
        }

        private void forward(Socket from, Socket to) {
            byte[] buffer = new byte[BUFFER];
            try {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                    if (awaitPassage() == null) {
                        return;
                    }
                    out.write(buffer, 0, length);
                }
                if (awaitPassage() != null) {
                    to.shutdownOutput();
                    ended();
                }
            } catch (IOException broken) {
                reset();
            }
        }

        /** Closes normally when both sides have said all. */
        private void ended() {
            synchronized (lock) {
                directions--;
                if (directions > 0) {
                    return;
                }
                closed = true;
                links.remove(this);
            }
            closeQuietly(client);
            closeQuietly(server);
        }

        /** Waits out a hang and the delay; null if the link was closed meanwhile, else where to connect to. */
        private @Nullable InetSocketAddress awaitPassage() {
            synchronized (lock) {
                long since = System.nanoTime();
                while (!closed && (state != State.OPEN || nanosLeft(since) > 0)) {
                    try {
                        lock.wait(state == State.OPEN ? Math.max(0, nanosLeft(since)) / 1_000_000 + 1 : 0);
                    } catch (InterruptedException e) {
                        closed = true; // nobody interrupts these threads but to end them
                        Thread.currentThread().interrupt();
                    }
                }
                return closed ? null : target;
            }
        }

        private long nanosLeft(long since) {
            return delay.toNanos() - (System.nanoTime() - since);
        }

        void reset() {
            synchronized (lock) {
                closed = true;
                links.remove(this);
                lock.notifyAll();
            }
            for (Socket socket : List.of(client, server)) {
                try {
                    socket.setSoLinger(true, 0);
                } catch (IOException alreadyClosed) {
                    // then there is nothing to reset
                }
                closeQuietly(socket);
            }
        }
    }
}
