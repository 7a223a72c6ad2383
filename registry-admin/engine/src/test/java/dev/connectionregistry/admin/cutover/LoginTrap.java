package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.settings.Endpoint;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** What an attacker listens on: it speaks as much of Postgres as is needed to be sent a password in clear text, and keeps it. */
public final class LoginTrap implements AutoCloseable {
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;

    private final ServerSocket socket;
    private final AtomicInteger connections = new AtomicInteger();
    private final List<String> passwords = new CopyOnWriteArrayList<>();

    private LoginTrap(ServerSocket socket) {
        this.socket = socket;
        Thread thread = new Thread(this::listen, "login-trap");
        thread.setDaemon(true);
        thread.start();
    }

    /** Listens on loopback. */
    public static LoginTrap open() throws IOException {
        return new LoginTrap(new ServerSocket(0, 5, InetAddress.getLoopbackAddress()));
    }

    /** Where it listens. */
    public Endpoint endpoint(String database) {
        return new Endpoint("127.0.0.1", socket.getLocalPort(), database);
    }

    /** How many came. */
    public int connections() {
        return connections.get();
    }

    /** What they said. */
    public List<String> passwords() {
        return List.copyOf(passwords);
    }

    private void listen() {
        while (!socket.isClosed()) {
            try (Socket client = socket.accept()) {
                connections.incrementAndGet();
                ask(new DataInputStream(client.getInputStream()), new DataOutputStream(client.getOutputStream()));
            } catch (IOException e) {
                // the next one, or closed
            }
        }
    }

    private void ask(DataInputStream in, DataOutputStream out) throws IOException {
        byte[] startup = packet(in);
        int code = code(startup);
        while (code == SSL_REQUEST || code == GSS_REQUEST) {
            out.writeByte('N');
            out.flush();
            startup = packet(in);
            code = code(startup);
        }
        out.writeByte('R');
        out.writeInt(8);
        out.writeInt(3);
        out.flush();
        if (in.readByte() == 'p') {
            byte[] password = packet(in);
            passwords.add(new String(password, 0, password.length - 1, StandardCharsets.UTF_8));
        }
    }

    private static byte[] packet(DataInputStream in) throws IOException {
        byte[] content = new byte[in.readInt() - 4];
        in.readFully(content);
        return content;
    }

    private static int code(byte[] startup) {
        return java.nio.ByteBuffer.wrap(startup).getInt();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
