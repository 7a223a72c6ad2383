package dev.connectionregistry.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class SecretRefTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "env:ORDERS_PASSWORD",
                "file:/run/secrets/orders",
                "file:C:\\secrets\\orders",
                "secretsmanager:prod/orders",
                "secretsmanager:prod/orders#password",
                "secretsmanager:arn:aws:secretsmanager:eu-west-1:123456789012:secret:orders-AbCdEf#password",
                "ssm:/prod/orders/password",
                "rds-iam",
                "x-vault:kv/orders#password",
            })
    void readsWhatItWrites(String text) {
        assertThat(SecretRef.parse(text).toString()).isEqualTo(text);
        assertThat(SecretRef.parse(SecretRef.parse(text).toString())).isEqualTo(SecretRef.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hunter2",
                "hunter2:really",
                "env:hunter2 with space",
                "env:",
                "file:hunter2",
                "secretsmanager:",
                "ssm:",
                "rds-iam:hunter2",
                "x-:hunter2",
                "x-vault:",
                "ENV:hunter2",
                "",
                ":hunter2"
            })
    void aLiteralPasswordIsRefusedAndNotRepeated(String text) {
        assertThatThrownBy(() -> SecretRef.parse(text))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("never accepted")
                .hasMessageContaining("env:NAME")
                .hasMessageContaining(text.length() + " characters")
                .hasMessageNotContaining("hunter2");
    }
}
