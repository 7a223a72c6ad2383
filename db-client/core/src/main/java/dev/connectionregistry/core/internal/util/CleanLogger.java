package dev.connectionregistry.core.internal.util;

import java.io.Serial;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.spi.LocationAwareLogger;

/**
 * The logger of every class of the product. It cleans and shortens text from outside (servers' messages, texts of
 * settings, names, messages of exceptions) when it is logged, so that the code that logs doesn't have to. Such a text
 * may contain escape sequences that control a terminal, or line feeds that forge a log line. Thread-safe.
 */
public final class CleanLogger extends LegacyAbstractLogger {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * The last stack frame before the caller's: loggers look for this class, and print the frame after it as the
     * location.
     */
    private static final String HERE = "org.slf4j.helpers.AbstractLogger";
    /** More causes and suppressed exceptions than any failure has; a longer chain may be circular. */
    private static final int MOST = 50;

    private final transient Logger to;

    private CleanLogger(Logger to) {
        this.to = to;
        this.name = to.getName();
    }

    public static Logger of(Class<?> user) {
        return new CleanLogger(LoggerFactory.getLogger(user));
    }

    @Override
    protected String getFullyQualifiedCallerName() {
        return HERE;
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String pattern,
            @Nullable Object @Nullable [] arguments,
            @Nullable Throwable failure) {
        Object[] values = arguments == null
                ? new Object[0]
                : Arrays.stream(arguments).map(CleanLogger::clean).toArray();
        Throwable shown = failure == null ? null : CleanedFailure.of(failure, MOST);
        if (to instanceof LocationAwareLogger located) {
            located.log(marker, HERE, level.toInt(), pattern, values, shown);
        } else {
            var event = to.atLevel(level).setMessage(pattern);
            for (Object value : values) {
                event = event.addArgument(value);
            }
            (shown == null ? event : event.setCause(shown)).log();
        }
    }

    private static Object clean(@Nullable Object argument) {
        return argument instanceof Number || argument instanceof Boolean
                ? argument
                : Printable.shortLine(String.valueOf(argument));
    }

    @Override
    public boolean isTraceEnabled() {
        return to.isTraceEnabled();
    }

    @Override
    public boolean isDebugEnabled() {
        return to.isDebugEnabled();
    }

    @Override
    public boolean isInfoEnabled() {
        return to.isInfoEnabled();
    }

    @Override
    public boolean isWarnEnabled() {
        return to.isWarnEnabled();
    }

    @Override
    public boolean isErrorEnabled() {
        return to.isErrorEnabled();
    }

    /**
     * Stands for a failure whose message can't be shown as it is: names its class; has its stack trace, causes and
     * suppressed exceptions.
     */
    private static final class CleanedFailure extends Throwable {
        @Serial
        private static final long serialVersionUID = 1L;

        private CleanedFailure(Throwable original, @Nullable Throwable cause) {
            super(original.getClass().getName() + ": " + Printable.shortLine(message(original)), cause, true, true);
            setStackTrace(original.getStackTrace());
        }

        /** Returns {@code failure} itself if everything that would be shown is clean. */
        static Throwable of(Throwable failure, int most) {
            return isClean(failure, most) ? failure : cleaned(failure, most);
        }

        private static boolean isClean(Throwable failure, int most) {
            String message = message(failure);
            if (most == 0 || !Printable.shortLine(message).equals(message)) {
                return false;
            }
            for (Throwable suppressed : failure.getSuppressed()) {
                if (!isClean(suppressed, most - 1)) {
                    return false;
                }
            }
            return failure.getCause() == null || isClean(failure.getCause(), most - 1);
        }

        private static Throwable cleaned(Throwable failure, int most) {
            Throwable cause = failure.getCause();
            Throwable cleaned =
                    new CleanedFailure(failure, cause == null || most == 0 ? null : cleaned(cause, most - 1));
            for (Throwable suppressed : most == 0 ? new Throwable[0] : failure.getSuppressed()) {
                cleaned.addSuppressed(cleaned(suppressed, most / 2));
            }
            return cleaned;
        }

        private static String message(Throwable failure) {
            return String.valueOf(failure.getMessage());
        }
    }
}
