package dev.connectionregistry.registry.dynamodb;

import dev.connectionregistry.settings.InvalidSettingsException;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * DynamoDB attributes as plain values (strings, whole numbers, decimals, booleans, lists, maps), and back, without
 * loss. Types that plain values don't have, and that only other programs write, become a map with one tag:
 * <code>{"$null": true}</code>, <code>{"$binary": "base64"}</code>, <code>{"$stringSet": […]}</code>,
 * <code>{"$numberSet": […]}</code>, <code>{"$binarySet": […]}</code>; a real map that looks like one of them is wrapped
 * in <code>{"$map": {…}}</code>. So they also survive the snapshot file and an export.
 */
final class Attributes {
    private static final String NULL = "$null";
    private static final String BINARY = "$binary";
    private static final String STRING_SET = "$stringSet";
    private static final String NUMBER_SET = "$numberSet";
    private static final String BINARY_SET = "$binarySet";
    private static final String MAP = "$map";
    private static final Set<String> TAGS = Set.of(NULL, BINARY, STRING_SET, NUMBER_SET, BINARY_SET, MAP);

    private Attributes() {}

    /** Converts an item to plain values, without the table's own attributes; a new, mutable map. */
    static Map<String, Object> toDocument(Map<String, AttributeValue> item) {
        Map<String, Object> document = toPlain(item);
        document.keySet().removeAll(TableLayout.OWN_ATTRIBUTES);
        return document;
    }

    /**
     * Converts a document to an item, without a key; a new, mutable map.
     *
     * @throws InvalidSettingsException if a value is of a kind that a document can't have
     */
    static Map<String, AttributeValue> toItem(Map<String, ?> document) {
        Map<String, AttributeValue> item = new LinkedHashMap<>();
        document.forEach((name, value) -> item.put(name, toAttribute(value)));
        item.keySet().removeAll(TableLayout.OWN_ATTRIBUTES);
        return item;
    }

    private static Map<String, Object> toPlain(Map<String, AttributeValue> attributes) {
        Map<String, Object> plain = new LinkedHashMap<>();
        attributes.forEach((name, value) -> plain.put(name, toPlain(value)));
        return plain;
    }

    private static Object toPlain(AttributeValue value) {
        return switch (value.type()) {
            case S -> value.s();
            case N -> number(value.n());
            case BOOL -> value.bool();
            case L -> each(value.l(), Attributes::toPlain);
            case M -> looksTagged(value.m()) ? Map.of(MAP, toPlain(value.m())) : toPlain(value.m());
            case NUL -> Map.of(NULL, true);
            case B -> Map.of(BINARY, base64(value.b()));
            case SS -> Map.of(STRING_SET, List.copyOf(value.ss()));
            case NS -> Map.of(NUMBER_SET, each(value.ns(), Attributes::number));
            case BS -> Map.of(BINARY_SET, each(value.bs(), Attributes::base64));
            default -> throw new InvalidSettingsException("an attribute has a type that this release doesn't know");
        };
    }

    private static boolean looksTagged(Map<String, ?> map) {
        return map.size() == 1 && TAGS.containsAll(map.keySet());
    }

    private static Object number(String text) {
        BigDecimal number = new BigDecimal(text);
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            return number;
        }
    }

    private static AttributeValue toAttribute(@Nullable Object value) {
        if (value == null) {
            return AttributeValue.fromNul(true);
        } else if (value instanceof String text) {
            return AttributeValue.fromS(text);
        } else if (value instanceof Boolean flag) {
            return AttributeValue.fromBool(flag);
        } else if (value instanceof Number number) {
            return AttributeValue.fromN(text(number));
        } else if (value instanceof Collection<?> list) {
            return AttributeValue.fromL(each(list, Attributes::toAttribute));
        } else if (value instanceof Map<?, ?> map) {
            return fromMap(map);
        }
        throw new InvalidSettingsException("a value is a " + value.getClass().getSimpleName()
                + "; allowed are texts, numbers, booleans, lists and maps");
    }

    private static String text(Object number) {
        try {
            return new BigDecimal(number.toString()).toString();
        } catch (NumberFormatException e) {
            throw new InvalidSettingsException("a value is not a finite number");
        }
    }

    private static AttributeValue fromMap(Map<?, ?> map) {
        if (map.size() == 1) {
            Map.Entry<?, ?> only = map.entrySet().iterator().next();
            AttributeValue tagged = fromTag(String.valueOf(only.getKey()), only.getValue());
            if (tagged != null) {
                return tagged;
            }
        }
        return AttributeValue.fromM(entries(map));
    }

    private static Map<String, AttributeValue> entries(Map<?, ?> map) {
        Map<String, AttributeValue> entries = new LinkedHashMap<>();
        map.forEach((name, each) -> entries.put(String.valueOf(name), toAttribute(each)));
        return entries;
    }

    private static @Nullable AttributeValue fromTag(String tag, @Nullable Object value) {
        if (tag.equals(NULL) && Boolean.TRUE.equals(value)) {
            return AttributeValue.fromNul(true);
        } else if (tag.equals(MAP) && value instanceof Map<?, ?> map) {
            return AttributeValue.fromM(entries(map));
        } else if (tag.equals(BINARY) && value instanceof String text) {
            return AttributeValue.fromB(bytes(text));
        } else if (value instanceof Collection<?> set && !set.isEmpty()) {
            return fromSet(tag, set);
        }
        return null;
    }

    private static @Nullable AttributeValue fromSet(String tag, Collection<?> set) {
        return switch (tag) {
            case STRING_SET -> AttributeValue.fromSs(each(set, String::valueOf));
            case NUMBER_SET -> AttributeValue.fromNs(each(set, Attributes::text));
            case BINARY_SET -> AttributeValue.fromBs(each(set, text -> bytes(String.valueOf(text))));
            default -> null;
        };
    }

    private static String base64(SdkBytes bytes) {
        return Base64.getEncoder().encodeToString(bytes.asByteArrayUnsafe());
    }

    private static SdkBytes bytes(String base64) {
        try {
            return SdkBytes.fromByteArray(Base64.getDecoder().decode(base64));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingsException("a value tagged as binary is not base64");
        }
    }

    private static <T, R> List<R> each(Collection<? extends T> values, Function<? super T, R> function) {
        return values.stream().<R>map(function).toList();
    }
}
