package dev.connectionregistry.core.internal.secrets.aws;

import dev.connectionregistry.secrets.Secret;
import dev.connectionregistry.secrets.SecretException;
import dev.connectionregistry.secrets.SecretRequest;
import dev.connectionregistry.secrets.SecretResolver;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkException;

/**
 * Creates the actual resolver when it is first asked: its classes may be missing, and creating it may ask the machine
 * for its region. Tries again after a failure. Thread-safe.
 */
final class DeferredResolver implements SecretResolver, AutoCloseable {
    private final String scheme;
    private final String artifact;
    private final Maker maker;
    private final ReentrantLock lock = new ReentrantLock();
    /** Guarded by "lock", as are all fields below. */
    private @Nullable Closeable made;

    private boolean closed;

    /** Creates the actual resolver. */
    interface Maker {
        Closeable make() throws SecretException;
    }

    /** A resolver that can be closed without an exception. */
    interface Closeable extends SecretResolver, AutoCloseable {
        @Override
        void close();
    }

    DeferredResolver(String scheme, String artifact, Maker maker) {
        this.scheme = scheme;
        this.artifact = artifact;
        this.maker = maker;
    }

    @Override
    public String scheme() {
        return scheme;
    }

    @Override
    public Secret resolve(SecretRequest request) throws SecretException {
        try {
            return real().resolve(request);
        } catch (SdkException e) {
            throw AwsFailures.of(request.reference(), e);
        } catch (LinkageError e) {
            throw new SecretException(
                    "'" + request.reference() + "' needs " + artifact + " on the class path (" + e.getMessage()
                            + " is missing); add it to this program's dependencies, in the version of its AWS SDK",
                    e);
        }
    }

    private SecretResolver real() throws SecretException {
        lock.lock();
        try {
            if (closed) {
                throw new SecretException("this resolver was closed", null);
            }
            Closeable real = made;
            if (real == null) {
                real = maker.make();
                made = real;
            }
            return real;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            if (made != null) {
                made.close();
                made = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
