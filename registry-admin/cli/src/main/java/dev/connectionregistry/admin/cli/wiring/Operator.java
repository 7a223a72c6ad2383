package dev.connectionregistry.admin.cli.wiring;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.stream.Stream;

/** Who runs this program, for the history; for people, nothing depends on it. */
final class Operator {
    private static final int LONGEST = 200;

    private final Map<String, String> environment;

    Operator(Map<String, String> environment) {
        this.environment = environment;
    }

    /** {@code REGISTRY_CHANGED_BY}, or {@code user@host}. */
    String name() {
        String given = environment.getOrDefault("REGISTRY_CHANGED_BY", "").strip();
        String name = given.isEmpty() ? System.getProperty("user.name", "unknown") + "@" + host() : given;
        String printable = name.replaceAll("\\p{Cntrl}", "");
        return printable.substring(0, Math.min(LONGEST, printable.length()));
    }

    private String host() {
        return Stream.of("HOSTNAME", "COMPUTERNAME", "HOST")
                .map(variable -> environment.getOrDefault(variable, ""))
                .filter(name -> !name.isBlank())
                .findFirst()
                .orElseGet(Operator::askSystem);
    }

    private static String askSystem() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "unknown";
        }
    }
}
