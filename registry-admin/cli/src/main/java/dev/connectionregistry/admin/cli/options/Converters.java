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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts arguments to the settings' own types, which know what is allowed. Never repeats a possible password. */
public final class Converters {
    private Converters() {}

    /**
     * An endpoint whose database name may be left out.
     *
     * @param text valid, except that the name may be missing
     */
    public record EndpointText(String text) {
        public Endpoint resolve(String databaseName) {
            return Endpoint.parse(text, databaseName);
        }
    }

    /**
     * The target of one of several databases.
     *
     * @param name its name in the registry
     * @param target its target
     */
    public record MappedName(DatabaseName name, EndpointText target) {
        private static MappedName parse(String text) {
            int equals = text.indexOf('=');
            if (equals <= 0) {
                throw new InvalidSettingsException("a target of one database is written DB=HOST:PORT/NAME, such as"
                        + " reports=db3.internal:5432/reports");
            }
            return new MappedName(
                    new DatabaseName(text.substring(0, equals)), endpointText(text.substring(equals + 1)));
        }

        /**
         * The target of each name.
         *
         * @throws InvalidSettingsException if a name has two
         */
        public static Map<DatabaseName, EndpointText> targets(List<MappedName> mapped) {
            Map<DatabaseName, EndpointText> targets = new HashMap<>();
            for (MappedName each : mapped) {
                if (targets.put(each.name(), each.target()) != null) {
                    throw new InvalidSettingsException("--map gives '" + each.name() + "' two targets");
                }
            }
            return targets;
        }

        @Override
        public String toString() {
            return name + "=" + target.text();
        }
    }

    /**
     * A server, without a database.
     *
     * @param address its address; the database in it has no meaning
     */
    public record ServerText(Endpoint address) {
        private static ServerText parse(String text) {
            if (text.indexOf('/') >= 0) {
                throw new InvalidSettingsException("a server is HOST:PORT, without a database");
            }
            return new ServerText(Endpoint.parse(withoutUser(text), "any"));
        }
    }

    /**
     * An interval within the bounds of polling.
     *
     * @param value the interval
     */
    public record PollInterval(Duration value) {}

    /**
     * A valid name for a replication slot.
     *
     * @param text the name; empty if an option that allows it was given without one
     */
    public record SlotName(String text) {
        private static final Pattern NAME = Pattern.compile("[a-z0-9_]{0,63}");

        private static SlotName parse(String text) {
            if (NAME.matcher(text).matches()) {
                return new SlotName(text);
            }
            throw new InvalidSettingsException(
                    text.startsWith("-")
                            ? "it needs the name of a slot, and there is no option '" + text + "'"
                            : "'" + text + "' is not a slot name; use lower-case letters, digits and _, at most 63");
        }

        /**
         * The name, for an option that requires one.
         *
         * @throws InvalidSettingsException if it is empty
         */
        public String required() {
            if (text.isEmpty()) {
                throw new InvalidSettingsException("--reverse-slot needs the name of a slot");
            }
            return text;
        }
    }

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

    /** Registers the converters with {@code commandLine} and its subcommands. */
    public static void register(CommandLine commandLine) {
        ITypeConverter<Long> version = checked(Converters::version);
        commandLine.registerConverter(Long.class, version);
        commandLine.registerConverter(long.class, version);
        commandLine.registerConverter(DatabaseName.class, checked(DatabaseName::new));
        commandLine.registerConverter(SecretRef.class, checked(SecretRef::parse));
        commandLine.registerConverter(ServerRole.class, checked(ServerRole::parse));
        commandLine.registerConverter(Duration.class, checked(text -> Durations.parse("the duration", text)));
        commandLine.registerConverter(PollInterval.class, checked(Converters::pollInterval));
        commandLine.registerConverter(SlotName.class, checked(SlotName::parse));
        commandLine.registerConverter(ByteSize.class, checked(ByteSize::parse));
        commandLine.registerConverter(DriverProperty.class, checked(Converters::driverProperty));
        commandLine.registerConverter(ServerText.class, checked(ServerText::parse));
        commandLine.registerConverter(Endpoint.class, checked(text -> Endpoint.parse(withoutUser(text))));
        commandLine.registerConverter(EndpointText.class, checked(Converters::endpointText));
        commandLine.registerConverter(MappedName.class, checked(MappedName::parse));
    }

    private static EndpointText endpointText(String text) {
        Endpoint.parse(withoutUser(text), "any");
        return new EndpointText(text);
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

    /** Versions are the only options of type {@code Long}. */
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
