package dev.connectionregistry.spring.internal;

import dev.connectionregistry.internal.Libraries;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.spring.DatabaseProperties;
import dev.connectionregistry.spring.internal.ConfiguredDatabases.MissingDatabaseException;
import dev.connectionregistry.spring.internal.RegistryDataSourceFactory.StartFailedException;
import dev.connectionregistry.status.StartException;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** What to do when the application doesn't start because of its data source. */
final class FailureAnalyzers {
    private FailureAnalyzers() {}

    /** The starter is on the class path, but no database is configured. */
    static final class MissingDatabase extends AbstractFailureAnalyzer<MissingDatabaseException> {
        @Override
        protected FailureAnalysis analyze(Throwable root, MissingDatabaseException cause) {
            return new FailureAnalysis(
                    "The data source is meant to follow the registry, but " + cause.getMessage() + ".",
                    "Set " + DatabaseProperties.PREFIX
                            + ".database to the database's name in the registry, such as orders"
                            + " ('registry-admin list' shows them), or set " + DatabaseProperties.PREFIX
                            + ".enabled=false to use spring.datasource.*.",
                    cause);
        }
    }

    /** Properties, or what a customizer set, are not allowed. */
    static final class InvalidProperties extends AbstractFailureAnalyzer<InvalidSettingsException> {
        @Override
        protected @Nullable FailureAnalysis analyze(Throwable root, InvalidSettingsException cause) {
            return new FailureAnalysis(
                    "The registry's data source is not configured correctly: " + cause.getMessage() + ".",
                    "Correct the properties under " + DatabaseProperties.PREFIX
                            + " (docs/spring-boot-reference.md lists them), or the customizer that sets them.",
                    cause);
        }
    }

    /** The table can't even be contacted: no region, or no such profile. */
    static final class RegistryUnusable extends AbstractFailureAnalyzer<RegistryException> {
        @Override
        protected FailureAnalysis analyze(Throwable root, RegistryException cause) {
            return new FailureAnalysis(
                    "The registry can't be used: " + cause.getMessage() + ".", registryAdvice(cause.kind()), cause);
        }
    }

    /** There are no settings, or no pool for them. */
    static final class StartFailed extends AbstractFailureAnalyzer<StartFailedException> {
        @Override
        protected FailureAnalysis analyze(Throwable root, StartFailedException cause) {
            ReadResult read = cause.read();
            String action;
            if (read instanceof ReadResult.Absent) {
                action = "Correct " + DatabaseProperties.PREFIX + ".database or " + DatabaseProperties.PREFIX
                        + ".table ('registry-admin list' shows the databases of a table), or add the database with"
                        + " 'registry-admin add'.";
            } else if (read instanceof ReadResult.Unreadable unreadable) {
                action = registryAdvice(unreadable.problem().kind()) + " To start without the registry, set "
                        + DatabaseProperties.PREFIX + ".snapshot to a file that outlives the process, or "
                        + DatabaseProperties.PREFIX + ".fallback.";
            } else {
                action = "Check the server that the settings name, the login and the password reference"
                        + " ('registry-admin show' prints them, 'registry-admin doctor' tries them). The application limits them"
                        + " with " + DatabaseProperties.PREFIX
                        + ".allow-* and .require-tls. If the registry was only slow to"
                        + " answer, set " + DatabaseProperties.PREFIX + ".start-timeout to more than 5s.";
            }
            return new FailureAnalysis(cause.getMessage() + ".", action, cause);
        }
    }

    /** A library is too old; a start checks that before anything else. */
    static final class LibraryRefused extends AbstractFailureAnalyzer<StartException> {
        @Override
        protected @Nullable FailureAnalysis analyze(Throwable root, StartException cause) {
            String message = String.valueOf(cause.getMessage());
            if (!message.startsWith(Libraries.PROBLEM)) { // thrown by a data source that the application creates itself
                return null;
            }
            return new FailureAnalysis(
                    message + ".",
                    "Use that version, or remove what pins an older one, such as the property hikaricp.version ('mvn"
                            + " dependency:tree' or 'gradle dependencies' shows where it comes from).",
                    cause);
        }
    }

    /** A library of the application is older than the one that this release was built with. */
    static final class LibraryTooOld extends AbstractFailureAnalyzer<LinkageError> {
        private static final Map<String, String> NEEDED = Map.of(
                "com.zaxxer.hikari", "HikariCP 6.3.3 or later (com.zaxxer:HikariCP)",
                "org.slf4j", "SLF4J 2.0 or later (org.slf4j:slf4j-api)",
                "org.postgresql", "the Postgres driver 42.7.11 or later (org.postgresql:postgresql)",
                "software.amazon.awssdk", "the AWS SDK 2.29 or later (software.amazon.awssdk:bom)");

        @Override
        protected @Nullable FailureAnalysis analyze(Throwable root, LinkageError cause) {
            String missing = String.valueOf(cause.getMessage()).replace('/', '.');
            boolean ours = Arrays.stream(cause.getStackTrace())
                    .anyMatch(frame -> frame.getClassName().startsWith("dev.connectionregistry."));
            if (!ours) {
                return null;
            }
            return NEEDED.entrySet().stream()
                    .filter(library -> missing.contains(library.getKey()))
                    .findFirst()
                    .map(library -> new FailureAnalysis(
                            "A library on the class path is too old for db-client: " + cause + ".",
                            "Use " + library.getValue()
                                    + "; remove a property such as hikaricp.version that pins an older" + " one.",
                            cause))
                    .orElse(null);
        }
    }

    private static String registryAdvice(RegistryException.Kind kind) {
        String properties = DatabaseProperties.PREFIX + ".table, .region, .endpoint-url";
        return switch (kind) {
            case TABLE_MISSING -> "Correct " + properties + ", or create the table with 'registry-admin init'.";
            case DENIED ->
                "Check the AWS credentials and the rights of the application's role (docs/aws.md), and " + properties
                        + ".";
            case UNREACHABLE, THROTTLED, OUTCOME_UNKNOWN ->
                "Check " + properties + " and the network between this machine and DynamoDB.";
            case INVALID -> "Correct " + properties + ", or the AWS configuration (docs/aws.md).";
        };
    }
}
