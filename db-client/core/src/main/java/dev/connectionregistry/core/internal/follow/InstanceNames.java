package dev.connectionregistry.core.internal.follow;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Which names services and instances may have, and the default name of a process. Thread-safe. */
public final class InstanceNames {
    /** Allows every host name and pod name, and more; each character is one byte. */
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,62}");

    private static final int LONGEST = 63;

    /** How many instances of a database and service use this process's default name. */
    private static final Map<String, AtomicInteger> BUILT_WITHOUT_NAME = new ConcurrentHashMap<>();

    private InstanceNames() {}

    /**
     * Requires a value.
     *
     * @throws InvalidSettingsException naming {@code what} if it is null
     */
    public static String required(String what, @Nullable String value) {
        if (value == null) {
            throw new InvalidSettingsException(what + " is not set");
        }
        return value;
    }

    /**
     * Requires a valid name.
     *
     * @throws InvalidSettingsException naming {@code what} and the value if it isn't
     */
    public static String checked(String what, @Nullable String value) {
        String given = required(what, value);
        if (!NAME.matcher(given).matches()) {
            throw new InvalidSettingsException(
                    what + " '" + given
                            + "' is not allowed; use 1 to 63 letters, digits, '.', '_', ':' or '-', the first a letter or digit");
        }
        return given;
    }

    /**
     * The host name and the process id, plus a number for each further instance of the same database and service in
     * this process: two instances that report under one name would hide each other.
     */
    public static String ofThisProcess(String databaseAndService) {
        String process = thisProcess();
        int number = BUILT_WITHOUT_NAME
                .computeIfAbsent(databaseAndService, key -> new AtomicInteger())
                .incrementAndGet();
        String suffix = number == 1 ? "" : "-" + number;
        return process.substring(0, Math.min(process.length(), LONGEST - suffix.length())) + suffix;
    }

    private static String thisProcess() {
        String host = Optional.ofNullable(System.getenv("HOSTNAME")).orElseGet(InstanceNames::localHost);
        String clean = host.replaceAll("[^A-Za-z0-9._-]", "-").replaceFirst("^[^A-Za-z0-9]+", "");
        String name = (clean.isEmpty() ? "host" : clean) + "-"
                + ProcessHandle.current().pid();
        return name.length() <= LONGEST
                ? name
                : name.substring(name.length() - LONGEST).replaceFirst("^[^A-Za-z0-9]+", "");
    }

    private static String localHost() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "host";
        }
    }
}
