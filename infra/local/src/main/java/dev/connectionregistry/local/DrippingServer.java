package dev.connectionregistry.local;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Speaks enough of the Postgres protocol to keep a client waiting: sends a harmless message from time to time, always
 * well before any time-out for one answer. Must be closed.
 */
public final class DrippingServer implements AutoCloseable {
    private static final int STARTUP = 196_608;
    private static final int EVERY_MILLIS = 100;

    private final ServerSocket socket;
    private final From from;
    private final int size;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final AtomicInteger leftWaiting = new AtomicInteger();

    /** When it starts to send these messages. */
    public enum From {
        /** Before it is ready for statements. */
        LOGIN,
        /** In the middle of the answer to the first statement. */
        FIRST_STATEMENT,
        /** The same, but with the bytes of one huge message that the driver skips unread. */
        SKIPPED_MESSAGE
    }

    private DrippingServer(ServerSocket socket, From from, int size) {
        this.socket = socket;
        this.from = from;
        this.size = size;
    }

    /** Starts it on a free port; each message has a text of {@code size} characters. */
    public static DrippingServer start(From from, int size) throws IOException {
        DrippingServer server =
                new DrippingServer(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), from, size);
        daemon(server::accept);
        return server;
    }

    private static void daemon(Runnable task) {
        Thread thread = new Thread(task, "dripping-server");
        thread.setDaemon(true);
        thread.start();
    }

    /** Where it listens on 127.0.0.1. */
    public int port() {
        return socket.getLocalPort();
    }

    /** How many clients are waiting now. */
    public int waiting() {
        return leftWaiting.get();
    }

    private void accept() {
        while (!socket.isClosed()) {
            try {
                Socket client = socket.accept();
                daemon(() -> serve(client));
            } catch (IOException e) {
                // the test is over
            }
        }
    }

    private void serve(Socket client) {
        try (client) {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            while (startupCode(in) != STARTUP) {
                out.writeByte('N');
            }
            leftWaiting.incrementAndGet();
            try {
                message(out, 'R', new byte[4]);
                if (from != From.LOGIN) {
                    logIn(out);
                    int unused = in.read();
                }
                drip(out);
            } finally {
                leftWaiting.decrementAndGet();
            }
        } catch (IOException e) {
            // the client has given up, as it should
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int startupCode(DataInputStream in) throws IOException {
        int length = in.readInt();
        int code = in.readInt();
        in.skipNBytes(length - 8);
        return code;
    }

    private static void logIn(DataOutputStream out) throws IOException {
        for (String parameter : new String[] {
            "server_version\00017.0\0",
            "client_encoding\0UTF8\0",
            "DateStyle\0ISO, MDY\0",
            "TimeZone\0UTC\0",
            "integer_datetimes\0on\0",
            "standard_conforming_strings\0on\0"
        }) {
            message(out, 'S', parameter.getBytes(StandardCharsets.UTF_8));
        }
        message(out, 'K', new byte[8]);
        message(out, 'Z', new byte[] {'I'});
        out.flush();
    }

    private void drip(DataOutputStream out) throws IOException, InterruptedException {
        byte[] notice = ("SNOTICE\0VNOTICE\0C00000\0M" + "x".repeat(size) + "\0\0").getBytes(StandardCharsets.UTF_8);
        if (from == From.SKIPPED_MESSAGE) {
            out.writeByte('d');
            out.writeInt(Integer.MAX_VALUE);
        }
        while (!closed.await(EVERY_MILLIS, TimeUnit.MILLISECONDS)) {
            if (from == From.SKIPPED_MESSAGE) {
                out.writeByte(0);
            } else {
                message(out, 'N', notice);
            }
            out.flush();
        }
    }

    private static void message(DataOutputStream out, char type, byte[] content) throws IOException {
        out.writeByte(type);
        out.writeInt(content.length + 4);
        out.write(content);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
