package dev.connectionregistry.core.internal.util;

import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Bounds one login as a whole. The driver's own time-outs bound each wait for an answer, so a server that sends
 * something harmless from time to time could make a login last for ever, and one that sends a lot could fill the
 * memory. The driver creates its sockets here ({@link #bind}); until {@link #passed} they allow no more time than the
 * deadline and no more than 1 MiB in all. It needs no thread of its own. Thread-safe.
 */
public final class LoginDeadline implements AutoCloseable {
    /** Much more than the certificates, messages and answers of a login. */
    private static final long MOST_BYTES = 1 << 20;

    private static final int DROPPED_AT_ONCE = 4096;

    private static final Map<String, LoginDeadline> PENDING = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final String id = Long.toString(NUMBERS.incrementAndGet());
    private final Duration bound;
    private final long atNanos;
    private final AtomicLong received = new AtomicLong();
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile State state = State.PENDING_LOGIN;

    private enum State {
        PENDING_LOGIN,
        PASSED,
        GIVEN_UP
    }

    /** Hears about the traffic on the login's sockets, on the thread that reads or writes. */
    public interface Traffic {
        /** Bytes are about to be written; may wait, or fail the login. */
        void beforeWrite() throws IOException;

        /** Bytes were read. */
        void afterRead();
    }

    private volatile @Nullable Traffic traffic;

    private LoginDeadline(Duration bound) {
        this.bound = bound;
        this.atNanos = System.nanoTime() + bound.toNanos();
    }

    /** Begins a login that may take {@code bound}. The caller must {@link #close} it. */
    public static LoginDeadline begin(Duration bound) {
        LoginDeadline deadline = new LoginDeadline(bound);
        PENDING.put(deadline.id, deadline);
        return deadline;
    }

    /**
     * Makes the driver that gets {@code properties} create its sockets here.
     *
     * @param driver the driver's class loader
     * @return false if that isn't possible, because the service has its own socket factory or the driver can't see this
     *     class
     */
    public boolean bind(Properties properties, ClassLoader driver) {
        if (properties.containsKey("socketFactory") || !isVisibleTo(driver)) {
            return false;
        }
        properties.put("socketFactory", Sockets.class.getName());
        properties.put("socketFactoryArg", id);
        return true;
    }

    private static boolean isVisibleTo(ClassLoader driver) {
        try {
            return Class.forName(Sockets.class.getName(), false, driver) == Sockets.class;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /**
     * Tells {@code listener} about the traffic on sockets created from now on: reads until {@link #passed}, writes
     * always.
     */
    public void tell(Traffic listener) {
        traffic = listener;
    }

    /** The login has succeeded: from now on only the driver's own time-outs apply to its sockets. */
    public void passed() {
        state = State.PASSED;
        PENDING.remove(id);
    }

    /**
     * Ends a login that did not call {@link #passed}: closes its sockets, even while a thread reads from one.
     * Idempotent.
     */
    @Override
    public void close() {
        if (state != State.PASSED) {
            state = State.GIVEN_UP;
            PENDING.remove(id);
            sockets.forEach(LoginDeadline::closeQuietly);
        }
        sockets.clear();
    }

    private static void closeQuietly(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // the socket is discarded
        }
    }

    private int millisLeft() throws SocketTimeoutException {
        long left = (atNanos - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
            throw tooLate();
        }
        return (int) Math.min(left, Integer.MAX_VALUE);
    }

    private SocketTimeoutException tooLate() {
        return new SocketTimeoutException("the login did not finish within " + bound.toSeconds() + " s");
    }

    private void count(int bytes) throws IOException {
        if (received.addAndGet(Math.max(0, bytes)) > MOST_BYTES) {
            throw new IOException("the server sent more than " + MOST_BYTES / 1024 + " KiB during the login");
        }
    }

    /** Creates the driver's sockets; the driver finds this class by its name. Not for use by anyone else. */
    public static final class Sockets extends SocketFactory {
        private final @Nullable LoginDeadline deadline;

        /** For the login with that number; if it is over, its sockets have no deadline. */
        public Sockets(String id) {
            deadline = PENDING.get(id);
        }

        @Override
        public Socket createSocket() throws IOException {
            return deadline == null || deadline.state == State.PASSED ? new Socket() : new BoundedSocket(deadline);
        }

        @Override
        public Socket createSocket(String host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port));
        }

        @Override
        public Socket createSocket(InetAddress host, int port) throws IOException {
            return connected(new InetSocketAddress(host, port));
        }

        /** The system chooses the local address. */
        @Override
        public Socket createSocket(String host, int port, InetAddress local, int localPort) throws IOException {
            return createSocket(host, port);
        }

        /** The system chooses the local address. */
        @Override
        public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) throws IOException {
            return createSocket(host, port);
        }

        private Socket connected(SocketAddress address) throws IOException {
            Socket socket = createSocket();
            try {
                socket.connect(address);
                return socket;
            } catch (IOException e) {
                closeQuietly(socket);
                throw e;
            }
        }
    }

    /** Behaves like any other socket after the end of the login. The driver lets only one thread at a time use it. */
    @SuppressWarnings("UnsynchronizedOverridesSynchronized") // the driver has its own lock
    private static final class BoundedSocket extends Socket {
        /** Null after the first read that follows the login. */
        private volatile @Nullable LoginDeadline login;
        /** The time-out that the driver set, in milliseconds; 0 for none. */
        private volatile int told;

        BoundedSocket(LoginDeadline login) throws IOException {
            this.login = login;
            login.sockets.add(this);
            if (login.state == State.GIVEN_UP) {
                closeQuietly(this);
                throw login.tooLate();
            }
        }

        @Override
        public void connect(SocketAddress endpoint) throws IOException {
            connect(endpoint, 0);
        }

        @Override
        public void connect(SocketAddress endpoint, int timeout) throws IOException {
            LoginDeadline current = login;
            super.connect(endpoint, current == null ? timeout : shorter(timeout, current.millisLeft()));
        }

        @Override
        public void setSoTimeout(int timeout) throws SocketException {
            told = timeout;
            super.setSoTimeout(timeout);
        }

        @Override
        public int getSoTimeout() {
            return told;
        }

        /** Returns the socket's own stream, unless there is a listener. */
        @Override
        public OutputStream getOutputStream() throws IOException {
            LoginDeadline current = login;
            Traffic listener = current == null ? null : current.traffic;
            OutputStream own = super.getOutputStream();
            return listener == null
                    ? own
                    : new FilterOutputStream(own) {
                        @Override
                        public void write(int one) throws IOException {
                            listener.beforeWrite();
                            out.write(one);
                        }

                        @Override
                        public void write(byte[] from, int offset, int length) throws IOException {
                            listener.beforeWrite();
                            out.write(from, offset, length);
                        }
                    };
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return new FilterInputStream(super.getInputStream()) {
                @Override
                public int read() throws IOException {
                    byte[] one = new byte[1];
                    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
                }

                @Override
                public int read(byte[] into, int offset, int length) throws IOException {
                    LoginDeadline current = login;
                    return current == null
                            ? in.read(into, offset, length)
                            : readDuring(current, in, into, offset, length);
                }

                /** Uses {@link #read}, so that skipped bytes count too; the socket's own stream would bypass it. */
                @Override
                public long skip(long count) throws IOException {
                    if (login == null) {
                        return in.skip(count);
                    }
                    byte[] dropped = new byte[(int) Math.min(Math.max(0, count), DROPPED_AT_ONCE)];
                    return dropped.length == 0 ? 0 : Math.max(0, read(dropped, 0, dropped.length));
                }
            };
        }

        private int readDuring(LoginDeadline current, InputStream in, byte[] into, int offset, int length)
                throws IOException {
            if (current.state == State.PASSED) {
                super.setSoTimeout(told);
                login = null;
                return in.read(into, offset, length);
            }
            super.setSoTimeout(shorter(told, current.millisLeft()));
            try {
                int read = in.read(into, offset, length);
                current.count(read);
                Traffic listener = current.traffic;
                if (listener != null) {
                    listener.afterRead();
                }
                return read;
            } catch (SocketTimeoutException e) {
                int unused = current.millisLeft(); // throws if the login's whole time is over
                assert unused > 0;
                throw e;
            }
        }

        private static int shorter(int timeout, int left) {
            return timeout == 0 ? left : Math.min(timeout, left);
        }
    }
}
