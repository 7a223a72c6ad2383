package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.local.LocalPostgres;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Between a client and its server, without TLS. Once armed it counts the requests of its connections, and cuts a connection at one of
 * them: as if the client had died before it sent the request, or before it read the answer.
 */
final class StatementCutter implements AutoCloseable {
    /** Which side of the request is lost. */
    enum Lost {
        REQUEST,
        ANSWER
    }

    private final LocalPostgres server;
    private final ServerSocket listener = new ServerSocket(0, 20, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    /** Guarded by this: how many requests are still to pass; below zero while nothing is to be cut. */
    private int left = -1;
    /** Guarded by this. */
    private Lost lost = Lost.REQUEST;
    /** Guarded by this. */
    private boolean cut;

    StatementCutter(LocalPostgres server) throws IOException {
        this.server = server;
        thread(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Cuts at the request after the next {@code pass} ones. */
    synchronized void arm(int pass, Lost which) {
        left = pass;
        lost = which;
        cut = false;
    }

    /** Whether it has cut since it was armed; nothing is cut from now on. */
    synchronized boolean disarm() {
        left = -1;
        return cut;
    }

    private synchronized boolean isDue() {
        boolean due = left == 0;
        left = left > 0 ? left - 1 : -1;
        cut |= due;
        return due;
    }

    private synchronized Lost lost() {
        return lost;
    }

    private interface Piece {
        void run() throws IOException;
    }

    private static void thread(Piece piece) {
        Thread thread = new Thread(
                () -> {
                    try {
                        piece.run();
                    } catch (IOException e) {
                        // closed
                    }
                },
                "statement-cutter");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listener.accept();
            Pair pair = new Pair(client, new Socket(server.host(), server.port()));
            sockets.add(pair.client);
            sockets.add(pair.backend);
            thread(pair::requests);
            thread(pair::answers);
        }
    }

    /** One connection, both ways. */
    private final class Pair {
        private final Socket client;
        private final Socket backend;
        private volatile boolean swallowing;

        Pair(Socket client, Socket backend) throws IOException {
            this.client = client;
            this.backend = backend;
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
        }

        private void end() throws IOException {
            client.close();
            backend.close();
        }

        private void requests() throws IOException {
            DataInputStream in = new DataInputStream(client.getInputStream());
            DataOutputStream out = new DataOutputStream(backend.getOutputStream());
            try {
                pass(out, -1, in); // the start has no type
                while (true) {
                    int type = in.readUnsignedByte();
                    if ((type == 'Q' || type == 'S') && isDue()) {
                        if (lost() == Lost.REQUEST) {
                            end();
                            return;
                        }
                        swallowing = true;
                    }
                    pass(out, type, in);
                }
            } catch (EOFException e) {
                end();
            }
        }

        private void answers() throws IOException {
            DataInputStream in = new DataInputStream(backend.getInputStream());
            DataOutputStream out = new DataOutputStream(client.getOutputStream());
            try {
                while (true) {
                    int type = in.readUnsignedByte();
                    byte[] rest = in.readNBytes(in.readInt() - 4);
                    if (!swallowing) {
                        out.writeByte(type);
                        out.writeInt(rest.length + 4);
                        out.write(rest);
                        out.flush();
                    } else if (type == 'Z') { // it is ready for the next, so this one is done
                        end();
                    }
                }
            } catch (EOFException e) {
                end();
            }
        }

        private void pass(DataOutputStream out, int type, DataInputStream in) throws IOException {
            int length = in.readInt();
            byte[] rest = in.readNBytes(length - 4);
            if (type >= 0) {
                out.writeByte(type);
            }
            out.writeInt(length);
            out.write(rest);
            out.flush();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket each : sockets) {
            each.close();
        }
    }
}
