package dev.connectionregistry.core.internal.bounds;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretPatternTest {
    private static boolean matches(String pattern, String reference) {
        return SecretPattern.parse(pattern).matches(SecretRef.parse(reference));
    }

    @ParameterizedTest
    @CsvSource({
        "env:ORDERS_*, env:ORDERS_PASSWORD",
        "env:ORDERS_PASSWORD, env:ORDERS_PASSWORD",
        "file:/run/secrets/orders/*, file:/run/secrets/orders/password",
        "file:/run/secrets/**, file:/run/secrets/orders/password",
        "secretsmanager:orders/*, secretsmanager:orders/db",
        "secretsmanager:orders/*, secretsmanager:orders/db#password",
        "secretsmanager:orders/db#pass*, secretsmanager:orders/db#password",
        "secretsmanager:arn:aws:secretsmanager:eu-west-1:42:secret:orders-*,"
                + " secretsmanager:arn:aws:secretsmanager:eu-west-1:42:secret:orders-AbCdEf#password",
        "ssm:/orders/**, ssm:/orders/prod/password",
        "rds-iam, rds-iam",
        "x-vault:orders/*, x-vault:orders/db",
    })
    void allows(String pattern, String reference) {
        assertThat(matches(pattern, reference)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "env:ORDERS_*, env:orders_PASSWORD",
        "env:ORDERS_*, env:MY_ORDERS_PASSWORD",
        "env:ORDERS_*, file:/ORDERS_PASSWORD",
        "file:/run/secrets/*, file:/run/secrets/orders/password",
        "file:/run/secrets/**, file:/run/secrets/../../etc/shadow",
        "file:/run/secrets/**, file:/run/secrets/./password",
        "file:/run/secrets/**, file:/run/secrets//password",
        "file:/run/secrets/*, file:/run/secrets/..",
        "file:/run/secrets/*, file:/run/secretsx",
        "secretsmanager:orders/*, secretsmanager:orders/a/b",
        "secretsmanager:orders/*, secretsmanager:arn:aws:secretsmanager:eu-west-1:42:secret:orders/db",
        "secretsmanager:orders/db#password, secretsmanager:orders/db#token",
        "secretsmanager:orders/db#password, secretsmanager:orders/db",
        "secretsmanager:*, secretsmanager:arn:aws:secretsmanager:eu-west-1:42:secret:orders",
        "ssm:/orders/*, ssm:/orders/prod/password",
        "ssm:/orders/**, ssm:orders/password",
        "rds-iam, env:rds",
    })
    void allowsNot(String pattern, String reference) {
        assertThat(matches(pattern, reference)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "hunter2", "*", "*:ORDERS_*", "env:", "vault:orders/*", "rds-iam:x"})
    void aTextOfAnotherFormIsRefusedWithoutRepeatingIt(String text) {
        assertThatThrownBy(() -> SecretPattern.parse(text))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("a pattern of " + text.length() + " characters")
                .hasMessageNotContaining("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/run/../etc/*", "file:/run//x", "env:A*B*C*D*E*"})
    void aCrookedPatternIsRefused(String text) {
        assertThatThrownBy(() -> SecretPattern.parse(text)).hasMessageContaining("'" + text + "'");
    }
}
