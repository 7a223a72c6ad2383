package dev.connectionregistry.core.internal.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Tls;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGProperty;

final class SettingsBoundsTest {
    private static final SettingsBounds BOUNDS = SettingsBounds.DEFAULT
            .withEndpoints(List.of("*.internal:5432"))
            .withSecrets(List.of("env:ORDERS_*"))
            .withTls(Tls.VERIFY_FULL)
            .withDriverProperties(List.of("kerberosServerName", "socketFactory=com.example.Sockets"));
    private static final Map<String, String> VERIFIED = Map.of("sslmode", "verify-full");

    private static ConnectionSettings settings(String endpoint, String password, Map<String, String> properties) {
        return ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse(password))
                .withProperties(properties);
    }

    private static List<String> refused(SettingsBounds bounds, ConnectionSettings settings) {
        return bounds.check(settings).stream()
                .map(refusal -> refusal.text(BoundsOwner.SERVICE))
                .toList();
    }

    private static List<String> refusedProperty(String name, String value) {
        return refused(SettingsBounds.DEFAULT, settings("db1:5432/orders", "env:PW", Map.of(name, value)));
    }

    @Test
    void whatIsWithinTheBoundsIsTaken() {
        assertThat(refused(BOUNDS, settings("db1.internal:5432/orders", "env:ORDERS_PASSWORD", VERIFIED)))
                .isEmpty();
        assertThat(refused(SettingsBounds.DEFAULT, settings("db1:5432/orders", "env:PW", Map.of())))
                .isEmpty();
    }

    @Test
    void everyRefusalIsNamedAtOnceWithTheCallAndTheVariableThatAllowIt() {
        assertThat(refused(BOUNDS, settings("evil.com:5432/orders", "env:PW", Map.of("sslmode", "require"))))
                .satisfiesExactly(
                        endpoint -> assertThat(endpoint)
                                .contains("endpoint evil.com:5432/orders", "[*.internal:5432]")
                                .contains("allowEndpoints(\"evil.com:5432\")")
                                .contains("REGISTRY_ALLOW_ENDPOINTS=evil.com:5432"),
                        secret -> assertThat(secret)
                                .contains("env:PW", "allowSecrets(\"env:PW\")", "REGISTRY_ALLOW_SECRETS=env:PW"),
                        tls -> assertThat(tls)
                                .contains("'require'", "verify-full", "requireTls(...)", "REGISTRY_REQUIRE_TLS"));
    }

    @Test
    void registryAdminNamesItsOwnVariables() {
        assertThat(BOUNDS.check(settings("evil.com:5432/orders", "env:ORDERS_PW", VERIFIED)))
                .singleElement()
                .satisfies(refusal -> assertThat(refusal.text(BoundsOwner.ADMIN))
                        .contains("REGISTRY_ADMIN_ALLOW_ENDPOINTS=evil.com:5432")
                        .doesNotContain("allowEndpoints("));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "env:AWS_SECRET_ACCESS_KEY",
                "env:aws_session_token",
                "env:GITHUB_TOKEN",
                "file:/root/.aws/credentials",
                "file:/home/app/.ssh/id_ed25519",
                "file:/var/run/secrets/kubernetes.io/serviceaccount/token",
                "file:/etc/shadow"
            })
    void credentialsOfOtherSystemsNeedToBeListed(String reference) {
        assertThat(refused(SettingsBounds.DEFAULT, settings("db1:5432/orders", reference, Map.of())))
                .singleElement()
                .asString()
                .contains("allowSecrets(\"" + reference + "\")");
        SettingsBounds listed = SettingsBounds.DEFAULT.withSecrets(List.of(reference));
        assertThat(refused(listed, settings("db1:5432/orders", reference, Map.of())))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file:/proc/self/environ",
                "file:/sys/kernel/x",
                "file:/dev/zero",
                "file:/run/../proc/self/environ",
                "file:/run//x"
            })
    void kernelFilesAndCrookedPathsAreRefusedWhateverIsListed(String reference) {
        for (SettingsBounds bounds :
                List.of(SettingsBounds.DEFAULT, SettingsBounds.DEFAULT.withSecrets(List.of("file:/**")))) {
            assertThat(refused(bounds, settings("db1:5432/orders", reference, Map.of())))
                    .singleElement()
                    .asString()
                    .contains(reference)
                    .doesNotContain("allowSecrets");
        }
    }

    @ParameterizedTest
    @EnumSource(Tls.class)
    void aTokenGoesToAVerifiedServerOnly(Tls mode) {
        assertThat(refused(
                                SettingsBounds.DEFAULT,
                                settings("db1:5432/orders", "rds-iam", Map.of("sslmode", mode.toString())))
                        .isEmpty())
                .isEqualTo(mode == Tls.VERIFY_FULL);
    }

    @ParameterizedTest
    @CsvSource({
        // bounds: endpoints listed, clear text allowed; settings: reference, mode; may the server ask
        "false, false, env:PW, verify-full, false", // proven to be whoever the settings name: an attacker, perhaps
        "true, false, env:PW, verify-full, true",
        "true, false, env:PW, verify-ca, false",
        "true, false, env:PW, require, false",
        "false, false, rds-iam, verify-full, true", // a token is for the name that was proven
        "false, true, env:PW, prefer, true",
        "false, false, env:PW, prefer, false",
    })
    void aPasswordIsSentInClearTextOnlyToAServerThatIsKnown(
            boolean listed, boolean allowed, String reference, String mode, boolean expected) {
        SettingsBounds bounds = SettingsBounds.DEFAULT;
        bounds = listed ? bounds.withEndpoints(List.of("db1:5432")) : bounds;
        bounds = allowed ? bounds.withCleartextPasswords() : bounds;
        Map<String, String> admitted = new LoginGuard(bounds, BoundsOwner.SERVICE)
                .admit(Endpoint.parse("db1:5432/orders"), SecretRef.parse(reference), Map.of("sslmode", mode));
        assertThat(!admitted.containsKey("requireAuth")).isEqualTo(expected);
        if (!expected) {
            assertThat(admitted).containsEntry("requireAuth", "!password");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "scram-sha-256, scram-sha-256",
        "!md5, '!md5,!password'",
        "'!password,!none', '!password,!none'",
        "'', !password"
    })
    void whatTheSettingsRequireIsKeptBesideIt(String wanted, String effective) {
        assertThat(new LoginGuard(SettingsBounds.DEFAULT, BoundsOwner.SERVICE)
                        .admit(
                                Endpoint.parse("db1:5432/orders"),
                                SecretRef.parse("env:PW"),
                                wanted.isEmpty() ? Map.of() : Map.of("requireAuth", wanted)))
                .containsEntry("requireAuth", effective);
    }

    @Test
    void settingsCanNotAskForClearTextThemselves() {
        assertThat(refusedProperty("requireAuth", "scram-sha-256,Password"))
                .singleElement()
                .asString()
                .contains("allowCleartextPasswords()");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "sslhostnameverifier",
                "connectExecutor",
                "connectExecutorArg",
                "classLoaderStrategy",
                "replication",
                "service",
                "jaasApplicationName",
                "socketFactory",
                "socketFactoryArg",
                "sslfactory",
                "sslfactoryarg",
                "sslpasswordcallback",
                "authenticationPluginClassName",
                "xmlFactoryFactory",
                "loggerFile",
                "localSocketAddress",
                "user",
                "PGHOST",
                "targetServerType"
            })
    void aDriverPropertyThatIsNotKnownToBeHarmlessIsRefused(String name) {
        assertThat(refusedProperty(name, "x")).singleElement().asString().contains("'" + name + "'");
    }

    @Test
    void everyPropertyOfTheDriverIsEitherHarmlessOrRefused() {
        Set<String> harmless = DriverProperties.harmless();
        for (PGProperty property : PGProperty.values()) {
            String value = property.getDefaultValue() == null ? "" : property.getDefaultValue();
            boolean taken = DriverProperties.refusal(property.getName(), value, Set.of())
                    .isEmpty();
            assertThat(taken && !harmless.contains(property.getName()))
                    .as(property.getName())
                    .isFalse();
        }
        assertThat(harmless).allMatch(DriverProperties::isKnown).hasSizeBetween(50, 60);
    }

    @ParameterizedTest
    @CsvSource({
        "sslmod, sslmode",
        "SSLMODE, sslmode",
        "socketTimout, socketTimeout",
        "reWriteBatchInserts, reWriteBatchedInserts"
    })
    void anUnknownNameSuggestsTheNearest(String typed, String meant) {
        assertThat(refusedProperty(typed, "x"))
                .singleElement()
                .asString()
                .contains("unknown to the Postgres driver; did you mean '" + meant + "'?");
    }

    @Test
    void aNameThatNothingIsNearToSuggestsNothing() {
        assertThat(refusedProperty("zzzzzzzz", "x")).singleElement().asString().doesNotContain("did you mean");
    }

    @ParameterizedTest
    @CsvSource({
        "connectTimeout, 0",
        "connectTimeout, 61",
        "scramMaxIterations, 0",
        "scramMaxIterations, 2147483647",
        "sslmode, none",
        "gssEncMode, require",
        "socketTimeout, ten",
        "options, -c role=postgres",
        "options, -crole=postgres",
        "options, --session-authorization=postgres",
        "options, -c session_preload_libraries=evil",
        "options, -c default_transaction_read_only=off",
        "options, -c synchronous_commit=off",
        "options, -c statement_timeout=1s -c row_security=off",
        "options, -W 5",
        "options, -c",
        "options, -c statement_timeout",
        "options, -c app.tenant=7",
    })
    void aValueThatIsNotHarmlessIsRefused(String name, String value) {
        assertThat(refusedProperty(name, value)).singleElement().asString().contains("'" + name + "'");
    }

    @ParameterizedTest
    @CsvSource({
        "options, -c statement_timeout=30s --lock-timeout=1s -csearch_path=orders\\ x",
        "options, -c enable_seqscan=off",
        "SSLMODE-is-another, ''",
        "sslmode, VERIFY-FULL",
        "preferQueryMode, simple",
        "currentSchema, 'orders,public'",
        "maxResultBuffer, 10p"
    })
    void harmlessValuesAreTaken(String name, String value) {
        assertThat(name.contains("-") ? List.of() : refusedProperty(name, value))
                .isEmpty();
    }

    @Test
    void aServiceMayAllowMoreAndCodeOnlyWithItsValue() {
        assertThat(BOUNDS.checkProperties(Map.of("kerberosServerName", "pg", "socketFactory", "com.example.Sockets")))
                .isEmpty();
        assertThat(BOUNDS.checkProperties(Map.of("socketFactory", "com.example.Other")))
                .hasSize(1);
        assertThatThrownBy(() -> SettingsBounds.DEFAULT.withDriverProperties(List.of("sslfactory", "user", "a b")))
                .isInstanceOfSatisfying(InvalidSettingsException.class, e -> assertThat(e.problems())
                        .hasSize(3)
                        .first()
                        .asString()
                        .contains("sslfactory=VALUE"));
    }

    @Test
    void aPropertyThatThisDriverDoesNotKnowYetIsLeftOutWhereAServiceAllowsIt() {
        SettingsBounds bounds = SettingsBounds.DEFAULT.withDriverProperties(List.of("inventedIn2031"));
        assertThat(new LoginGuard(bounds, BoundsOwner.SERVICE)
                        .admit(
                                Endpoint.parse("db1:5432/orders"),
                                SecretRef.parse("env:PW"),
                                Map.of("inventedIn2031", "x", "sslmode", "prefer")))
                .containsOnlyKeys("sslmode", "requireAuth");
    }

    @Test
    void aDriverThatSendsPasswordsToWhoeverAsksIsNotEnough() {
        assertThat(DriverRelease.problem(name -> false, "42.7.10")).hasValueSatisfying(problem -> assertThat(problem)
                .contains("42.7.10", "requireAuth", "42.7.11 or later"));
        assertThat(DriverRelease.problem(DriverProperties::isKnown, DriverRelease.VERSION))
                .isEmpty();
    }

    @Test
    void theEnvironmentSaysTheSame() {
        SettingsBounds read = BoundsVariables.read(
                BoundsOwner.SERVICE,
                Map.of(
                        "REGISTRY_ALLOW_ENDPOINTS", "*.internal:5432",
                        "REGISTRY_ALLOW_SECRETS", "env:ORDERS_*",
                        "REGISTRY_REQUIRE_TLS", "verify-full",
                        "REGISTRY_ALLOW_DRIVER_PROPERTIES", "kerberosServerName, socketFactory=com.example.Sockets",
                        "REGISTRY_ADMIN_ALLOW_CLEARTEXT_PASSWORDS", "true"));
        assertThat(read.toMap()).isEqualTo(BOUNDS.toMap());
        assertThat(BoundsVariables.read(BoundsOwner.ADMIN, Map.of("REGISTRY_ALLOW_ENDPOINTS", "db1:5432"))
                        .toMap())
                .isEmpty();
    }

    @Test
    void aVariableThatSaysNothingIsAnErrorAndAllAreNamedAtOnce() {
        Map<String, String> environment = new HashMap<>();
        environment.put("REGISTRY_ALLOW_ENDPOINTS", " , ");
        environment.put("REGISTRY_ALLOW_SECRETS", "hunter2");
        environment.put("REGISTRY_REQUIRE_TLS", "prefer");
        environment.put("REGISTRY_ALLOW_CLEARTEXT_PASSWORDS", "yes");
        assertThatThrownBy(() -> BoundsVariables.read(BoundsOwner.SERVICE, environment))
                .isInstanceOfSatisfying(InvalidSettingsException.class, e -> assertThat(e.problems())
                        .hasSize(4)
                        .allMatch(problem -> problem.contains("REGISTRY_"))
                        .noneMatch(problem -> problem.contains("hunter2")));
    }

    @Test
    void aReportCarriesThemThereAndBack() {
        SettingsBounds all = BOUNDS.withCleartextPasswords();
        Map<String, List<String>> map = new TreeMap<>(all.toMap());
        assertThat(map)
                .containsEntry("allowEndpoints", List.of("*.internal:5432"))
                .containsEntry("requireTls", List.of("verify-full"))
                .containsEntry("allowCleartextPasswords", List.of("true"));
        map.put("inventedLater", List.of("x"));
        assertThat(BoundsMap.read(map).toMap()).isEqualTo(all.toMap());
        assertThat(BoundsMap.read(Map.of()).toMap()).isEmpty();
    }
}
