package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether to show something once or repeatedly. */
public final class WatchOptions {
    private static final Duration SHORTEST = Duration.ofMillis(100);

    @Option(
            names = {"-w", "--watch"},
            description = "keep showing it until Ctrl-C")
    private boolean watch;

    @Option(names = "--interval", paramLabel = "D", description = "how often with --watch (1s)")
    private Duration interval = Duration.ofSeconds(1);

    /**
     * How often to show it; empty for once.
     *
     * @throws InvalidSettingsException if that is too often
     */
    public Optional<Duration> every() {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new InvalidSettingsException("--interval is below 100ms, the shortest that makes sense");
        }
        return watch ? Optional.of(interval) : Optional.empty();
    }
}
