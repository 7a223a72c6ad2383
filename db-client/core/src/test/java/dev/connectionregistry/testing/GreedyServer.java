package dev.connectionregistry.testing;

import dev.connectionregistry.settings.Endpoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Postgres server of somebody who collects passwords: it has no TLS, asks everybody for the password in clear text, keeps what
 * arrives, and lets nobody in. The test must close it.
 */
public final class GreedyServer implements AutoCloseable {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int CLEARTEXT_PASSWORD = 3;

    private final ServerSocket socket;
    private final Queue<String> arrived = new ConcurrentLinkedQueue<>();
    private final AtomicInteger asked = new AtomicInteger();

    private GreedyServer(ServerSocket socket) {
        this.socket = socket;
    }

    /** Starts it on a free port of this machine. */
    public static GreedyServer start() throws IOException {
        GreedyServer server = new GreedyServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        Thread accepting = new Thread(server::accept, "greedy-server");
        accepting.setDaemon(true);
        accepting.start();
        return server;
    }

    /** Where it is, as if it had the database. */
    public Endpoint endpoint() {
        return new Endpoint("127.0.0.1", socket.getLocalPort(), "orders");
    }

    /** What clients answered to the question for their password. */
    public Queue<String> arrived() {
        return arrived;
    }

    /** How many clients were asked for a password. */
    public int asked() {
        return asked.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                serve(new DataInputStream(client.getInputStream()), new DataOutputStream(client.getOutputStream()));
            } catch (IOException e) {
                // the client went away, as it should, or the test is over
            }
        }
    }

    private void serve(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] first = packet(in);
        while (isRequestForEncryption(first)) {
            out.writeByte('N');
            out.flush();
            first = packet(in);
        }
        out.writeByte('R');
        out.writeInt(8);
        out.writeInt(CLEARTEXT_PASSWORD);
        out.flush();
        asked.incrementAndGet();
        if (in.readByte() == 'p') {
            arrived.add(new String(packet(in), StandardCharsets.UTF_8).replace("\0", ""));
        }
    }

    private static byte[] packet(DataInputStream in) throws IOException {
        return in.readNBytes(Math.min(in.readInt(), 1 << 20) - 4);
    }

    private static boolean isRequestForEncryption(byte[] packet) {
        if (packet.length != 4) {
            return false;
        }
        int code = java.nio.ByteBuffer.wrap(packet).getInt();
        return code == SSL_REQUEST || code == GSS_REQUEST;
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
