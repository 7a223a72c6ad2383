package dev.connectionregistry;

import static dev.connectionregistry.testing.Sources.awaitStatus;
import static dev.connectionregistry.testing.Sources.awaitVersion;
import static dev.connectionregistry.testing.Sources.useUntilGeneration;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.core.internal.secrets.aws.AwsPlace;
import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry;
import dev.connectionregistry.registry.dynamodb.SystemProperties;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.FakeAws;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.LogCapture;
import dev.connectionregistry.testing.Rotation;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A password is given to the driver and to nobody else, also when everything that can be logged is logged. */
@ResourceLock(Resources.SYSTEM_PROPERTIES)
class SecrecyTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final List<String> seen = new ArrayList<>();
    private final List<String> passwords = new ArrayList<>(List.of(Servers.PASSWORD, "not-the-password"));
    private final SystemProperties properties = new SystemProperties();
    private final FakeAws aws = new FakeAws();
    private Rotation role;

    @BeforeEach
    void anAccount() throws SQLException {
        role = Rotation.on(Servers.first());
        properties.set("aws.region", "eu-west-1");
        properties.set("aws.accessKeyId", "AKIDEXAMPLE");
        properties.set("aws.secretAccessKey", "the-secret-access-key");
        properties.set("aws.sessionToken", "the-session-token");
        properties.set("aws.endpointUrl", aws.endpoint().toString());
        passwords.addAll(List.of("AKIDEXAMPLE", "the-secret-access-key", "the-session-token"));
    }

    @AfterEach
    void nothingIsLeft() throws SQLException {
        Leftovers.awaitNoThreads();
        role.close();
        aws.close();
        properties.restore();
    }

    @Test
    void noPasswordIsSeenAnywhere(@TempDir Path folder) throws Exception {
        Path snapshot = folder.resolve("orders.json");
        ConnectionSettings first = Servers.settings(Servers.first());
        registry.put("orders", first);
        try (LogCapture ours = LogCapture.ofEverything("dev.connectionregistry");
                LogCapture hikaris = LogCapture.ofEverything("com.zaxxer.hikari")) {
            try (RegistryDataSource dataSource = Sources.on(registry, "secrecy")
                    .snapshot(snapshot)
                    .listener((previous, current) -> seen.add(previous + " " + current))
                    .build()) {
                aMove(dataSource);
                aWrongPassword(dataSource);
                aRotation(dataSource);
                aParameter(dataSource);
                secretsThatCanNotBeRead(dataSource);
                aTimeout(dataSource);
                await().until(() -> Files.exists(snapshot));
                seen.add(Files.readString(snapshot));
                seen.addAll(attributes());
                seen.add(dataSource + " " + dataSource.status());
                seen.add(registry.fleet(new DatabaseName("orders")).toString());
            }
            aTableThatCanNotBeUsed();
            aStartThatFails();
            assertThat(ours.everything()).hasSizeGreaterThan(10);
            seen.addAll(ours.everything());
            seen.addAll(hikaris.everything());
        }
        assertThat(passwords).hasSize(11);
        assertThat(seen).hasSizeGreaterThan(30).allSatisfy(text -> assertThat(text)
                .doesNotContain(passwords));
    }

    private void aMove(RegistryDataSource dataSource) {
        awaitVersion(
                dataSource,
                registry.put("orders", Servers.settings(Servers.second())).version());
    }

    private void aWrongPassword(RegistryDataSource dataSource) {
        registry.put(
                "orders",
                Servers.settings(Servers.first()).withCredentials("app", SecretRef.parse("env:WRONG_PASSWORD")));
        awaitStatus(dataSource, status -> status.state() == InstanceState.REJECTED);
        seen.add(dataSource.status().toString());
    }

    /** The registry goes back to a small pool, and a caller waits in vain. */
    private void aTimeout(RegistryDataSource dataSource) throws SQLException {
        ConnectionSettings settings = Servers.settings(Servers.first());
        long version = registry.put(
                        "orders",
                        settings.withPool(
                                settings.pool().withMaximumSize(1).withConnectionTimeout(Duration.ofMillis(250))))
                .version();
        awaitVersion(dataSource, version);
        try (var only = dataSource.getConnection()) {
            seen.add(only.toString());
            remember(catchThrowable(() -> dataSource.getConnection().close()));
        }
        remember(catchThrowable(() -> dataSource.getConnection("app", "anything")));
    }

    /** A role's password is changed, twice, while the secret is in AWS. */
    private void aRotation(RegistryDataSource dataSource) throws SQLException {
        keep(role.password());
        ConnectionSettings settings = role.settings("secretsmanager:orders#password");
        awaitVersion(
                dataSource,
                registry.put("orders", settings.withPool(settings.pool().withConnectionTimeout(Duration.ofSeconds(1))))
                        .version());
        for (int times = 0; times < 2; times++) {
            long before = dataSource.status().generation();
            keep(role.change());
            role.endSessions();
            useUntilGeneration(dataSource, before + 1);
        }
        passwords.add(role.change()); // and now the secret is wrong
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            role.endSessions(); // again: who was logging in when the password changed wasn't among them
            return isRefused(dataSource);
        });
        seen.add(dataSource.status().toString());
    }

    private boolean isRefused(RegistryDataSource dataSource) {
        Throwable thrown = catchThrowable(() -> {
            try (Connection connection = dataSource.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1");
            }
        });
        if (thrown == null) { // a session is ended a moment after that was asked for
            return false;
        }
        remember(thrown);
        return String.valueOf(thrown.getMessage()).contains("password authentication failed");
    }

    private void keep(String password) {
        passwords.add(password);
        aws.put("orders", "{\"password\":\"" + password + "\"}");
    }

    /** From the Parameter Store, right and then wrong. */
    private void aParameter(RegistryDataSource dataSource) throws SQLException {
        String right = role.change();
        passwords.add(right);
        aws.put("/orders/password", right);
        awaitVersion(
                dataSource,
                registry.put("orders", role.settings("ssm:/orders/password")).version());
        seen.addAll(List.of(dataSource.toString(), dataSource.status().toString()));
    }

    /** A table whose answers make no sense, asked with the account's keys. */
    private void aTableThatCanNotBeUsed() {
        try (DynamoDbSettingsRegistry table = DynamoDbSettingsRegistry.open(TableLocation.of("connection-registry"))) {
            ReadResult read = table.read(new DatabaseName("orders"));
            assertThat(read).isInstanceOf(ReadResult.Unreadable.class);
            seen.add(table.describe() + " " + read);
            remember(((ReadResult.Unreadable) read).problem());
            remember(catchThrowable(() ->
                    table.report(registry.fleet(new DatabaseName("orders")).get(0))));
        }
        try (DynamoDbRegistryAdministration table =
                DynamoDbRegistryAdministration.open(TableLocation.of("connection-registry"))) {
            remember(catchThrowable(table::list));
            seen.add(table.describe() + " " + table.checkAccess());
        }
        seen.add(AwsPlace.DEFAULT.withProfile("orders").toString());
    }

    /** A secret that isn't what it should be, one that AWS doesn't give, and a token that isn't sent. */
    private void secretsThatCanNotBeRead(RegistryDataSource dataSource) throws Exception {
        passwords.add("hush-no-json");
        aws.put("broken", "{\"password\": hush-no-json");
        for (String reference :
                List.of("secretsmanager:broken#password", "secretsmanager:nowhere", "ssm:/nowhere", "rds-iam")) {
            long version = registry.put("orders", role.settings(reference)).version();
            awaitStatus(
                    dataSource,
                    status -> status.state() == InstanceState.REJECTED
                            && status.problem().orElse("").startsWith("version " + version));
            seen.add(dataSource.status().toString());
            seen.addAll(attributes());
        }
    }

    private void aStartThatFails() {
        registry.put(
                "orders",
                Servers.settings(Servers.first())
                        .withCredentials("app", SecretRef.parse("env:WRONG_PASSWORD"))
                        .withProperties(Map.of("logUnclosedConnections", "true")));
        remember(catchThrowable(() -> Sources.on(registry, "secrecy").build().close()));
    }

    private void remember(Throwable thrown) {
        assertThat(thrown).isNotNull();
        for (Throwable each = thrown; each != null; each = each.getCause()) {
            seen.add(each.toString());
            for (Throwable suppressed : each.getSuppressed()) {
                seen.add(suppressed.toString());
            }
            if (each instanceof SQLException sql && sql.getNextException() != null) {
                seen.add(sql.getNextException().toString());
            }
        }
    }

    private static List<String> attributes() throws Exception {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        List<String> values = new ArrayList<>();
        for (ObjectName bean : server.queryNames(new ObjectName("dev.connectionregistry:*"), null)) {
            for (MBeanAttributeInfo attribute : server.getMBeanInfo(bean).getAttributes()) {
                values.add(attribute.getName() + "=" + server.getAttribute(bean, attribute.getName()));
            }
        }
        assertThat(values).hasSizeGreaterThan(10);
        return values;
    }
}
