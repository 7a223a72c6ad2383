package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.local.LocalPostgres;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Does with the protocol what a connection pooler does. Each login is passed on to a backend of its own, which stays in the pool; from
 * then on statements go to one backend, or those of each transaction to the next of the pool.
 */
final class PoolingProxy implements AutoCloseable {
    /** How it hands backends out, and which process number it tells its clients. */
    enum Mode {
        SESSION(true),
        TRANSACTION(true),
        TRANSACTION_WITH_THE_FIRST_BACKENDS_NUMBER(false);

        private final boolean ownNumber;

        Mode(boolean ownNumber) {
            this.ownNumber = ownNumber;
        }
    }

    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final int OWN_NUMBER = 1_234_567_890;

    private final LocalPostgres server;
    private final Mode mode;
    private final ServerSocket listener = new ServerSocket(0, 20, InetAddress.getLoopbackAddress());
    private final List<End> pool = new CopyOnWriteArrayList<>();
    private final List<End> all = new CopyOnWriteArrayList<>();

    PoolingProxy(LocalPostgres server, Mode mode) throws IOException {
        this.server = server;
        this.mode = mode;
        thread(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** One end of a connection. */
    private record End(Socket socket, DataInputStream in, DataOutputStream out) {
        static End of(Socket socket) throws IOException {
            socket.setTcpNoDelay(true);
            return new End(
                    socket,
                    new DataInputStream(socket.getInputStream()),
                    new DataOutputStream(socket.getOutputStream()));
        }

        Message read() throws IOException {
            int type = in.readUnsignedByte();
            return new Message(type, in.readNBytes(in.readInt() - 4));
        }

        void write(Message message) throws IOException {
            ByteBuffer bytes = ByteBuffer.allocate(5 + message.body().length);
            bytes.put((byte) message.type()).putInt(4 + message.body().length).put(message.body());
            out.write(bytes.array());
        }
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Message(int type, byte[] body) {}

    private static void thread(Runnable work) {
        Thread thread = new Thread(work, "pooling-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                End client = End.of(listener.accept());
                all.add(client);
                thread(() -> serve(client));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(End client) {
        try {
            End first = login(client);
            pool.add(first);
            End backend = null;
            for (Message message = client.read(); message.type() != 'X'; message = client.read()) {
                backend = backend == null ? next(first) : backend;
                backend.write(message);
                if ((message.type() == 'Q' || message.type() == 'S') && answer(backend, client) == 'I') {
                    backend = null;
                }
            }
        } catch (IOException ended) {
            // the client is gone, or the server refused it
        }
    }

    private End next(End own) {
        if (mode == Mode.SESSION) {
            return own;
        }
        End first = pool.remove(0);
        pool.add(first);
        return first;
    }

    /** Passes the answer on; returns the state that the backend is in then. */
    private static int answer(End backend, End client) throws IOException {
        while (true) {
            Message message = backend.read();
            client.write(message);
            if (message.type() == 'Z') {
                return message.body()[0];
            }
        }
    }

    private End login(End client) throws IOException {
        byte[] startup = startup(client);
        End backend = End.of(new Socket(server.host(), server.port()));
        all.add(backend);
        backend.out().writeInt(4 + startup.length);
        backend.out().write(startup);
        while (true) {
            Message message = backend.read();
            boolean number = message.type() == 'K' && mode.ownNumber;
            client.write(number ? new Message('K', number(message.body())) : message);
            if (message.type() == 'Z') {
                return backend;
            }
            if (message.type() == 'E') {
                throw new EOFException("the server refused the login");
            }
            if (message.type() == 'R'
                    && List.of(3, 5, 10, 11)
                            .contains(ByteBuffer.wrap(message.body()).getInt())) {
                backend.write(client.read());
            }
        }
    }

    private static byte[] number(byte[] body) {
        return ByteBuffer.wrap(body.clone()).putInt(OWN_NUMBER).array();
    }

    private static byte[] startup(End client) throws IOException {
        while (true) {
            byte[] body = client.in().readNBytes(client.in().readInt() - 4);
            int code = ByteBuffer.wrap(body).getInt();
            if (code != SSL_REQUEST && code != GSS_REQUEST) {
                return body;
            }
            client.out().writeByte('N');
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (End each : new ArrayList<>(all)) {
            each.socket().close();
        }
    }
}
