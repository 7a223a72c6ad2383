package dev.connectionregistry.benchmarks.cutover.side.pgbouncer;

import dev.connectionregistry.benchmarks.cutover.stage.Login;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * pgbouncer's administration console. Speaks just enough of the Postgres protocol: the driver sends {@code SET
 * extra_float_digits} to every server that calls itself older than 12, which the console refuses. For one thread; the caller
 * must close it.
 */
final class Console implements AutoCloseable {
    private static final String DATABASE = "pgbouncer";
    private static final int CONNECT_MILLIS = 2_000;

    /** So that nobody waits for ever for PAUSE. */
    private static final int ANSWER_MILLIS = 30_000;

    private static final int PROTOCOL_3 = 3 << 16;
    private static final int LOGGED_IN = 0;
    private static final int WANTS_PASSWORD = 3;

    private final Socket socket;
    private final Login administrator;
    private final DataInputStream in;
    private final OutputStream out;

    private Console(Socket socket, Login administrator) throws IOException {
        this.socket = socket;
        this.administrator = administrator;
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
        this.out = socket.getOutputStream();
    }

    /**
     * Logs in on loopback, where the password goes in clear.
     *
     * @throws IOException if nobody answers in time, or the login is refused
     */
    static Console open(int port, Login administrator) throws IOException {
        Socket socket = new Socket();
        try {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(ANSWER_MILLIS);
            Console console = new Console(socket, administrator);
            console.logIn();
            return console;
        } catch (IOException e) {
            socket.close();
            throw e;
        }
    }

    private void logIn() throws IOException {
        ByteArrayOutputStream startup = new ByteArrayOutputStream();
        new DataOutputStream(startup).writeInt(PROTOCOL_3);
        startup.write(strings("user", administrator.role(), "database", DATABASE, ""));
        send("", startup.toByteArray());
        awaitReady();
    }

    /**
     * Executes a command.
     *
     * @throws IOException if it is refused, or there is no answer in 30 seconds
     */
    void execute(String command) throws IOException {
        send("Q", strings(command));
        awaitReady();
    }

    /** Reads up to the next ReadyForQuery. */
    private void awaitReady() throws IOException {
        String error = "";
        for (int type = in.readUnsignedByte(); type != 'Z'; type = in.readUnsignedByte()) {
            byte[] body = body();
            if (type == 'R') {
                answer(body[3]);
            } else if (type == 'E') {
                error = text(body);
                if (error.contains("SFATAL")) {
                    throw new IOException("pgbouncer's console: " + error);
                }
            }
        }
        body();
        if (!error.isEmpty()) {
            throw new IOException("pgbouncer's console: " + error);
        }
    }

    private void answer(int wanted) throws IOException {
        if (wanted == WANTS_PASSWORD) {
            send("p", strings(administrator.password()));
        } else if (wanted != LOGGED_IN) {
            throw new IOException("pgbouncer's console wants a login of kind " + wanted + ", not a password");
        }
    }

    private byte[] body() throws IOException {
        return in.readNBytes(in.readInt() - Integer.BYTES);
    }

    /** In one piece: the console takes half a message for an error. */
    private void send(String type, byte[] body) throws IOException {
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        DataOutputStream fields = new DataOutputStream(message);
        fields.writeBytes(type);
        fields.writeInt(body.length + Integer.BYTES);
        fields.write(body);
        out.write(message.toByteArray());
    }

    private static byte[] strings(String... values) {
        return Stream.of(values)
                .map(value -> value + '\0')
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] fields) {
        return new String(fields, StandardCharsets.UTF_8).replace('\0', ' ').strip();
    }

    /** Leaves without a word; pgbouncer takes that as an end. */
    @Override
    public void close() throws IOException {
        socket.close();
    }
}
