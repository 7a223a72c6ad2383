package dev.connectionregistry.internal;

import dev.connectionregistry.status.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * Checks, before anything else is loaded, whether the libraries on the class path are new enough, so that a start fails
 * with a message that says what is needed instead of a {@link NoSuchMethodError} somewhere. Refers to none of the
 * libraries, and doesn't log. Stateless.
 */
public final class Libraries {
    /**
     * What a library must have.
     *
     * @param artifact its group and name
     * @param type a class that is needed
     * @param member a method or constant of that class; empty if the class alone is needed
     * @param advice which version to use
     */
    private record Need(String artifact, String type, String member, String advice) {
        boolean isMet(ClassLoader from) {
            try {
                Class<?> found = Class.forName(type, false, from);
                return member.isEmpty()
                        || Stream.concat(Arrays.stream(found.getMethods()), Arrays.stream(found.getFields()))
                                .anyMatch(each -> each.getName().equals(member));
            } catch (ClassNotFoundException | LinkageError e) {
                return false;
            }
        }

        String problem(ClassLoader from) {
            return artifact + " on the class path " + version(from) + ": use " + advice;
        }

        private String version(ClassLoader from) {
            String file = "META-INF/maven/" + artifact.replace(':', '/') + "/pom.properties";
            try (InputStream resource = from.getResourceAsStream(file)) {
                if (resource == null) {
                    return "is too old or missing";
                }
                Properties properties = new Properties();
                properties.load(resource);
                return "is " + properties.getProperty("version", "of an unknown version") + ", which is too old";
            } catch (IOException e) {
                return "is too old or missing";
            }
        }
    }

    private static final List<Need> NEEDS = List.of(
            new Need(
                    "org.slf4j:slf4j-api",
                    "org.slf4j.helpers.LegacyAbstractLogger",
                    "",
                    "2.0.0 or later, and a logging library for it (Logback 1.3 or later, log4j-slf4j2-impl)"),
            new Need(
                    "com.zaxxer:HikariCP",
                    "com.zaxxer.hikari.SQLExceptionOverride$Override",
                    "MUST_EVICT",
                    "6.3.0 or later; 6.3.3, 7.0.2 and 7.1.0 were tried"),
            new Need(
                    "com.zaxxer:HikariCP",
                    "com.zaxxer.hikari.HikariConfig",
                    "setCredentials",
                    "6.3.0 or later; 6.3.3, 7.0.2 and 7.1.0 were tried"),
            new Need(
                    "com.fasterxml.jackson.core:jackson-databind",
                    "com.fasterxml.jackson.databind.json.JsonMapper",
                    "builder",
                    "2.10 or later"));

    /** The beginning of the message. */
    public static final String PROBLEM = "db-client can't start: ";

    private Libraries() {}

    /**
     * Checks the libraries that this class's loader can see.
     *
     * @throws StartException naming the first library that is too old, and the version to use
     */
    public static void requireUsable() {
        problem(Libraries.class.getClassLoader()).ifPresent(problem -> {
            throw new StartException(PROBLEM + problem, null);
        });
    }

    /** The classes that it looks for by name; a native image must keep them. */
    public static List<String> types() {
        return NEEDS.stream().map(Need::type).toList();
    }

    private static Optional<String> problem(ClassLoader from) {
        return NEEDS.stream().filter(need -> !need.isMet(from)).findFirst().map(need -> need.problem(from));
    }
}
