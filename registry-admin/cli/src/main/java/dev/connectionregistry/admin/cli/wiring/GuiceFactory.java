package dev.connectionregistry.admin.cli.wiring;

import com.google.inject.ConfigurationException;
import com.google.inject.Injector;
import com.google.inject.ProvisionException;
import picocli.CommandLine;

/**
 * Gives picocli its commands from Guice. What Guice can't make picocli tries itself; if that fails too, the error is
 * Guice's, with picocli's as suppressed, since the first names the missing binding.
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
