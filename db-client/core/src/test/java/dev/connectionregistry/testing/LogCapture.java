package dev.connectionregistry.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** What is logged while it is open, instead of on the console. The test must close it. */
public final class LogCapture extends AppenderBase<ILoggingEvent> implements AutoCloseable {
    private final Queue<ILoggingEvent> events = new ConcurrentLinkedQueue<>();
    private final Logger logger;
    private final @Nullable Level levelBefore;

    private LogCapture(String loggerName, Level level) {
        logger = (Logger) LoggerFactory.getLogger(loggerName);
        levelBefore = logger.getLevel();
        logger.setLevel(level);
        logger.setAdditive(false);
        setContext(logger.getLoggerContext());
        start();
        logger.addAppender(this);
    }

    /** Captures what this project logs, from INFO up. */
    public static LogCapture ofInfo() {
        return new LogCapture("dev.connectionregistry", Level.INFO);
    }

    /** Captures all that anybody logs under {@code loggerName}. */
    public static LogCapture ofEverything(String loggerName) {
        return new LogCapture(loggerName, Level.TRACE);
    }

    @Override
    protected void append(ILoggingEvent event) {
        event.prepareForDeferredProcessing();
        events.add(event);
    }

    /** The messages of one level, oldest first. */
    public List<String> at(Level level) {
        return events.stream()
                .filter(event -> event.getLevel() == level)
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** The messages from WARN up. */
    public List<String> warnings() {
        return events.stream()
                .filter(event -> event.getLevel().isGreaterOrEqual(Level.WARN))
                .map(ILoggingEvent::getFormattedMessage)
                .toList();
    }

    /** Everything, with the messages of exceptions and their causes. */
    public List<String> everything() {
        return events.stream()
                .map(event -> event.getFormattedMessage() + messages(event.getThrowableProxy()))
                .toList();
    }

    private static String messages(@Nullable IThrowableProxy thrown) {
        return thrown == null ? "" : " | " + thrown.getMessage() + messages(thrown.getCause());
    }

    @Override
    public void close() {
        logger.detachAppender(this);
        logger.setLevel(levelBefore);
        logger.setAdditive(true);
    }
}
