package dev.connectionregistry.core.internal.util;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import dev.connectionregistry.local.HostileDocuments;
import dev.connectionregistry.testing.LogCapture;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

class CleanLoggerTest {
    private static final String RAW = "\\p{Cc}|\\p{Cf}|\\p{Zl}|\\p{Zp}|\\p{Cs}";
    private static final String HOSTILE = HostileDocuments.POISON;

    private final Logger logger = CleanLogger.of(CleanLoggerTest.class);

    @Test
    void valuesAndExceptionsAreCleanedHoweverTheyAreLogged() {
        IllegalStateException failure = new IllegalStateException("x" + HOSTILE, new RuntimeException(HOSTILE));
        failure.addSuppressed(new RuntimeException(HOSTILE));
        try (LogCapture log = LogCapture.ofInfo()) {
            logger.warn("one {}", HOSTILE);
            logger.info("two {} {}", HOSTILE, 2);
            logger.error("three {} {} {}", 1, List.of(HOSTILE), 3);
            logger.atLevel(org.slf4j.event.Level.WARN).log("four {}", HOSTILE);
            logger.atInfo().setCause(failure).addArgument(HOSTILE).log("five {}");
            logger.warn("six {}", HOSTILE, failure);
            List<String> lines = new ArrayList<>(log.everything());
            assertThat(lines).hasSize(6).allSatisfy(line -> assertThat(line).doesNotContainPattern(RAW));
            assertThat(lines.get(5)).contains("java.lang.IllegalStateException: x", "java.lang.RuntimeException");
            assertThat(log.at(Level.INFO).get(0)).startsWith("two ").endsWith(" 2");
        }
    }

    @Test
    void thePlaceThatALineNamesIsTheCallers() {
        ch.qos.logback.classic.Logger to =
                (ch.qos.logback.classic.Logger) LoggerFactory.getLogger(CleanLoggerTest.class);
        List<String> callers = new ArrayList<>();
        AppenderBase<ILoggingEvent> places = new AppenderBase<>() {
            @Override
            protected void append(ILoggingEvent event) {
                callers.add(event.getCallerData()[0].getClassName());
            }
        };
        places.start();
        to.addAppender(places);
        try {
            logger.warn("one {}", 1);
        } finally {
            to.detachAppender(places);
        }
        assertThat(callers).containsExactly(CleanLoggerTest.class.getName());
    }

    @Test
    void whatIsCleanStaysTheSame() {
        IllegalStateException failure = new IllegalStateException("no route");
        try (LogCapture log = LogCapture.ofInfo()) {
            logger.warn("{}: {} of {}", "orders", 1, null, failure);
            assertThat(log.everything()).containsExactly("orders: 1 of null | no route");
        }
    }

    @Test
    void aHugeValueIsShortened() {
        try (LogCapture log = LogCapture.ofInfo()) {
            logger.warn("{}", "x".repeat(1_000_000), new IllegalStateException("y".repeat(1_000_000)));
            assertThat(log.everything())
                    .singleElement()
                    .satisfies(line -> assertThat(line).hasSizeLessThan(5_000).contains("…"));
        }
    }

    @Test
    void aCircleOfCausesEnds() {
        Exception one = new Exception("one" + HOSTILE);
        Exception other = new Exception("other", one);
        one.initCause(other);
        try (LogCapture log = LogCapture.ofInfo()) {
            logger.warn("circle", one);
            assertThat(log.everything()).singleElement().satisfies(line -> assertThat(line)
                    .contains("circle", "one", "other")
                    .doesNotContainPattern(RAW));
        }
    }
}
