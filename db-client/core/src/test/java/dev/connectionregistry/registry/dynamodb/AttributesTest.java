package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class AttributesTest {
    static Map<String, AttributeValue> everyType() {
        Map<String, AttributeValue> item = new TreeMap<>();
        item.put("xText", AttributeValue.fromS(""));
        item.put("xNumber", AttributeValue.fromN("-12345678901234567890.12345678901234567"));
        item.put("xBig", AttributeValue.fromN("99999999999999999999999999999999999999"));
        item.put("xTrue", AttributeValue.fromBool(true));
        item.put("xFalse", AttributeValue.fromBool(false));
        item.put("xNull", AttributeValue.fromNul(true));
        item.put("xBinary", AttributeValue.fromB(SdkBytes.fromByteArray(new byte[] {0, -1, 10})));
        item.put("xTexts", AttributeValue.fromSs(List.of("a", "b")));
        item.put("xNumbers", AttributeValue.fromNs(List.of("1", "2.5")));
        item.put("xBinaries", AttributeValue.fromBs(List.of(SdkBytes.fromUtf8String("a"))));
        item.put("xEmptyList", AttributeValue.fromL(List.of()));
        item.put("xEmptyMap", AttributeValue.fromM(Map.of()));
        item.put("xLikeATag", AttributeValue.fromM(Map.of("$null", AttributeValue.fromBool(true))));
        item.put("xLikeAWrap", AttributeValue.fromM(Map.of("$map", AttributeValue.fromM(Map.of()))));
        item.put("xBadTag", AttributeValue.fromM(Map.of("$binary", AttributeValue.fromS("not base64!"))));
        item.put("xList", AttributeValue.fromL(List.copyOf(item.values())));
        item.put("xMap", AttributeValue.fromM(Map.copyOf(item)));
        return item;
    }

    @Test
    void everyTypeSurvivesTheWayThereAndBack() {
        assertThat(Attributes.toItem(Attributes.toDocument(everyType()))).isEqualTo(everyType());
    }

    @Test
    void wholeNumbersAreLongsAndOthersDecimals() {
        Map<String, AttributeValue> item = Map.of(
                "whole", AttributeValue.fromN("9223372036854775807"),
                "power", AttributeValue.fromN("1E3"),
                "larger", AttributeValue.fromN("9223372036854775808"),
                "fraction", AttributeValue.fromN("0.5"));
        assertThat(Attributes.toDocument(item))
                .containsEntry("whole", Long.MAX_VALUE)
                .containsEntry("power", 1000L)
                .containsEntry("larger", new BigDecimal("9223372036854775808"))
                .containsEntry("fraction", new BigDecimal("0.5"));
    }

    @Test
    void takesTheValuesThatAJsonParserMakes() {
        Map<String, Object> document = new TreeMap<>();
        document.put("int", 5);
        document.put("double", 0.25);
        document.put("null", null);
        document.put("list", Arrays.asList(1, null));
        assertThat(Attributes.toItem(document))
                .containsEntry("int", AttributeValue.fromN("5"))
                .containsEntry("double", AttributeValue.fromN("0.25"))
                .containsEntry("null", AttributeValue.fromNul(true))
                .containsEntry(
                        "list", AttributeValue.fromL(List.of(AttributeValue.fromN("1"), AttributeValue.fromNul(true))));
    }

    @Test
    void refusesWhatATableCannotHold() {
        assertThatThrownBy(() -> Attributes.toItem(Map.of("a", Double.NaN)))
                .isInstanceOf(InvalidSettingsException.class);
        assertThatThrownBy(() -> Attributes.toItem(Map.of("a", new Object())))
                .isInstanceOf(InvalidSettingsException.class)
                .hasMessageContaining("Object");
    }

    @Test
    void aDocumentCannotReplaceTheTablesOwnAttributes() {
        assertThat(Attributes.toItem(Map.of("pk", "settings#other", "expiresAt", 1L, "a", "b")))
                .containsOnlyKeys("a");
    }
}
