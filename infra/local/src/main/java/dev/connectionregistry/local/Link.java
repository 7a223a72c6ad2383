package dev.connectionregistry.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** One client's connection through a gate, and the connection to the server. Thread-safe. */
final class Link {

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
    private static final int BUFFER = 16 * 1024;

    private final Socket client;
    private final Socket server = new Socket();
    private final Traffic traffic;
    private final AtomicInteger directions = new AtomicInteger(2);

    Link(Socket client, Traffic traffic) {
        this.client = client;
        this.traffic = traffic;
    }

    /**
     * Connects to the server as soon as that is allowed, and forwards what the client sends until it closes.
     * {@code onConnected} must make another thread run {@link #forwardDown}.
     */
    void connectAndForward(Runnable onConnected) {
        try {
            InetSocketAddress address = traffic.awaitPassage(this);
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
        onConnected.run();
        forward(client, server);
    }

    /** Forwards what the server sends until it closes. */
    void forwardDown() {
        forward(server, client);
    }

    private void forward(Socket from, Socket to) {
        byte[] buffer = new byte[BUFFER];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
                if (traffic.awaitPassage(this) == null) {
                    return;
                }
                out.write(buffer, 0, length);
            }
            if (traffic.awaitPassage(this) != null) {
                to.shutdownOutput();
                ended();
            }
        } catch (IOException broken) {
            reset();
        }
    }

    /** Closes normally when both sides have sent everything. */
    private void ended() {
        if (directions.decrementAndGet() == 0) {
            traffic.forget(this);
            closeQuietly(client);
            closeQuietly(server);
        }
    }

    /** Ends both connections the way a broken network does. */
    void reset() {
        traffic.forget(this);
        for (Socket socket : List.of(client, server)) {
            try {
                socket.setSoLinger(true, 0);
            } catch (IOException alreadyClosed) {
                // nothing to reset
            }
            closeQuietly(socket);
        }
    }

    /** Closes without reporting a failure. */
    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            // it is closed, or no longer usable
        }
    }
}
