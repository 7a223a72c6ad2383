package dev.connectionregistry.spring;

import java.util.Objects;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.core.io.support.SpringFactoriesLoader.FailureHandler;

/** What Spring Boot prints about a start that failed. */
final class Analyses {
    private Analyses() {}

    /** By the first of the analyzers on the class path that has something to say. */
    static FailureAnalysis of(@Nullable Throwable failure) {
        Throwable startup = Objects.requireNonNull(failure, "it started");
        return SpringFactoriesLoader.forDefaultResourceLocation(Analyses.class.getClassLoader())
                .load(FailureAnalyzer.class, FailureHandler.logging(LogFactory.getLog(Analyses.class)))
                .stream()
                .map(analyzer -> analyzer.analyze(startup))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> new AssertionError("nobody explains it", startup));
    }
}
