package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.core.internal.util.LoginDeadline;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.postgresql.plugin.AuthenticationPlugin;
import org.postgresql.plugin.AuthenticationRequestType;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/**
 * Holds one login back before the last message that the server needs to accept its password: with SCRAM that is the
 * second message, whose proof takes some 10 ms to compute; otherwise it is the password itself. A server reads the
 * settings and rights of a session only after it has accepted the password, so the session begins under what is in
 * force when the gate is opened, although connecting, TLS and the start of the server's process are done before. The
 * driver finds the gate by a number in its properties. Thread-safe.
 */
public final class PasswordGate implements LoginDeadline.Traffic {
    private static final String PLUGIN = "authenticationPluginClassName";
    private static final String NUMBER = "connectionRegistryPasswordGate";
    private static final String PASSWORD = "password";
    private static final Map<String, PasswordGate> GATES = new ConcurrentHashMap<>();
    private static final AtomicLong NUMBERS = new AtomicLong();

    private enum Scram {
        NOT_BEGUN,
        ASKED,
        SENT,
        ANSWERED,
        LET_GO
    }

    private final String number = Long.toString(NUMBERS.incrementAndGet());
    private final CountDownLatch decided = new CountDownLatch(1);
    /** Zero once the login waits here, or has ended. */
    private final CountDownLatch arrived = new CountDownLatch(1);

    private volatile boolean asked;
    /** How far SCRAM has got, on the login's thread. */
    private volatile Scram scram = Scram.NOT_BEGUN;

    private volatile boolean opened;
    /** Whether the login's sockets report to this gate. */
    private volatile boolean hears;

    /** Whether a login with these properties can be made to wait: not if it has an authentication plugin of its own. */
    public static boolean fits(Map<String, String> properties) {
        return !properties.containsKey(PLUGIN);
    }

    /** Notes that the login's sockets report to this gate. */
    void hears() {
        hears = true;
    }

    void bind(Properties properties) {
        GATES.put(number, this);
        properties.put(PLUGIN, Password.class.getName());
        properties.put(NUMBER, number);
    }

    /** Lets the login go on, now or as soon as it arrives. */
    public void open() {
        opened = true;
        decided.countDown();
    }

    /** Fails the login, now or as soon as it arrives. Does nothing after {@link #open}. */
    public void abandon() {
        GATES.remove(number);
        decided.countDown();
        arrived.countDown();
    }

    /** Whether the server has asked for the password, so that the session begins after {@link #open} or not at all. */
    public boolean isAsked() {
        return asked;
    }

    /** Waits up to {@code bound} until the login waits here or has ended; returns whether that is so. */
    public boolean awaitArrival(Duration bound) throws InterruptedException {
        return arrived.await(bound.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** Waits before the second message of SCRAM. */
    @Override
    public void beforeWrite() throws IOException {
        if (scram == Scram.ASKED) {
            scram = Scram.SENT;
        } else if (scram == Scram.ANSWERED) {
            scram = Scram.LET_GO;
            try {
                pass();
            } catch (PSQLException e) {
                throw new IOException(e.getMessage(), e);
            }
        }
    }

    @Override
    public void afterRead() {
        if (scram == Scram.SENT) {
            scram = Scram.ANSWERED;
        }
    }

    /**
     * With SCRAM the login waits later, if its sockets report: at this point the password doesn't leave this process
     * yet.
     */
    private void ask(AuthenticationRequestType type) throws PSQLException {
        if (type == AuthenticationRequestType.SASL && hears) {
            scram = Scram.ASKED;
        } else {
            pass();
        }
    }

    private void pass() throws PSQLException {
        asked = true;
        arrived.countDown();
        try {
            decided.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!opened) {
            throw new PSQLException("the login was given up", PSQLState.CONNECTION_FAILURE);
        }
    }

    /**
     * Gives the driver the password of its own properties, once the gate is open; the driver instantiates it by its
     * class name.
     */
    public static final class Password implements AuthenticationPlugin {
        private final Properties properties;

        /** For the login with these properties. */
        public Password(Properties properties) {
            this.properties = properties;
        }

        @Override
        public char @Nullable [] getPassword(AuthenticationRequestType type) throws PSQLException {
            PasswordGate gate = GATES.get(properties.getProperty(NUMBER, ""));
            if (gate == null) {
                throw new PSQLException("the login was given up", PSQLState.CONNECTION_FAILURE);
            }
            gate.ask(type);
            return Objects.requireNonNullElse(properties.getProperty(PASSWORD), "")
                    .toCharArray();
        }
    }
}
