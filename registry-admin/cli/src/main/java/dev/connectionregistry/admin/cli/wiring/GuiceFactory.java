package dev.connectionregistry.admin.cli.wiring;

import com.google.inject.ConfigurationException;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import picocli.CommandLine;

/**
 * Gets picocli's commands from Guice. Picocli itself creates what Guice can't. If that fails too, Guice's error is
 * thrown, because it names the missing binding, with picocli's as suppressed.
 */
public final class GuiceFactory implements CommandLine.IFactory {
    private final Injector injector;
    private final CommandLine.IFactory fallback = CommandLine.defaultFactory();

    /** Asks {@code injector} first. */
    public GuiceFactory(Injector injector) {
        this.injector = injector;
    }

    @Override
    public <K> K create(Class<K> type) throws Exception {
        if (type.getName().startsWith("picocli.") || type.getName().startsWith("java.")) {
            return fallback.create(type);
        }
        try {
            return injector.getInstance(type);
        } catch (ConfigurationException | ProvisionException e) {
            try {
                return fallback.create(type);
            } catch (Exception second) {
                e.addSuppressed(second);
                throw e;
            }
        }
    }
}
