package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.settings.DatabaseName;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class TableLayoutTest {
    /** Another key is another item: a machine of another language would write a history of its own. */
    @ParameterizedTest
    @ValueSource(strings = {"fa-IR-u-nu-arabext", "tr-TR", "en-US"})
    void keysAreTheSameInEveryLanguage(String language) {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag(language));
        try {
            assertThat(TableLayout.history(new DatabaseName("orders"), 17))
                    .containsEntry("sk", AttributeValue.fromS("v#000000000017"));
        } finally {
            Locale.setDefault(before);
        }
    }
}
