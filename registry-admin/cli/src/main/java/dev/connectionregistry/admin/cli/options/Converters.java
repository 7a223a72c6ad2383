package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.common.ByteSize;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.ServerRole;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Arguments into the settings' own types, which know what is allowed. Nothing that may be a password is repeated. */
public final class Converters {
    private Converters() {}

    /**
     * An endpoint whose database name may be left out.
     *
     * @param text checked, apart from the name that it may lack
     */
    public record EndpointText(String text) {
        public Endpoint resolve(String databaseName) {
            return Endpoint.parse(text, databaseName);
        }
    }

    /**
     * An interval within the bounds of polling.
     *
     * @param value the interval
     */
    public record PollInterval(Duration value) {}

    /**
     * A property of the driver.
     *
     * @param name before the equals sign
     * @param value after it
     */
    public record DriverProperty(String name, String value) {
        /** Without the value, which may be a secret. */
        @Override
        public String toString() {
            return name;
        }
    }

    /** Makes them known to {@code commandLine} and its subcommands. */
    public static void register(CommandLine commandLine) {
        ITypeConverter<Long> version = checked(Converters::version);
        commandLine.registerConverter(Long.class, version);
        commandLine.registerConverter(long.class, version);
        commandLine.registerConverter(DatabaseName.class, checked(DatabaseName::new));
        commandLine.registerConverter(SecretRef.class, checked(SecretRef::parse));
        commandLine.registerConverter(ServerRole.class, checked(ServerRole::parse));
        commandLine.registerConverter(Duration.class, checked(text -> Durations.parse("the duration", text)));
        commandLine.registerConverter(PollInterval.class, checked(Converters::pollInterval));
        commandLine.registerConverter(ByteSize.class, checked(ByteSize::parse));
        commandLine.registerConverter(DriverProperty.class, checked(Converters::driverProperty));
        commandLine.registerConverter(Endpoint.class, checked(text -> Endpoint.parse(withoutUser(text))));
        commandLine.registerConverter(EndpointText.class, checked(text -> {
            Endpoint.parse(withoutUser(text), "any");
            return new EndpointText(text);
        }));
    }

    private static <T> ITypeConverter<T> checked(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (InvalidSettingsException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        };
    }

    /** Versions are the only numbers of this size. */
    private static Long version(String text) {
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            throw new InvalidSettingsException(
                    "'" + text + "' is not the number of a version, such as 3 (see history)");
        }
    }

    private static PollInterval pollInterval(String text) {
        return new PollInterval(
                Polling.every(Durations.parse("the poll interval", text)).interval());
    }

    private static DriverProperty driverProperty(String text) {
        int equals = text.indexOf('=');
        if (equals <= 0) {
            throw new InvalidSettingsException("a driver property is written NAME=VALUE, such as sslmode=require");
        }
        return new DriverProperty(text.substring(0, equals), text.substring(equals + 1));
    }

    private static String withoutUser(String text) {
        if (text.contains("@") || text.contains("://")) {
            throw new InvalidSettingsException(
                    "what was given (not repeated here, it may contain a password) looks like"
                            + " a URL or has a user in it; write " + Endpoint.FORM);
        }
        return text;
    }
}
