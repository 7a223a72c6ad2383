package dev.connectionregistry.cloudformation.iam;

import dev.connectionregistry.cloudformation.template.Element;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * One statement of a policy. Element names and condition operators that aren't known here are refused, so that nothing is decided
 * wrongly in silence.
 *
 * @param sid its name
 * @param allow whether it allows or denies
 * @param actions what, with {@code *} and {@code ?}
 * @param resources on what, with the same
 * @param conditions operator, then key, then values
 */
public record Statement(
        String sid,
        boolean allow,
        List<String> actions,
        List<String> resources,
        Map<String, Map<String, List<String>>> conditions) {
    /** The condition key with the partition keys. */
    public static final String LEADING_KEYS = "dynamodb:LeadingKeys";

    private static final String VIA_SERVICE = "kms:ViaService";
    private static final List<String> ELEMENTS = List.of("Sid", "Effect", "Action", "Resource", "Condition");

    static Statement of(Map<String, Object> document) {
        if (!ELEMENTS.containsAll(document.keySet())) {
            throw new IllegalArgumentException("a statement with more than " + ELEMENTS + ": " + document.keySet());
        }
        Map<String, Map<String, List<String>>> conditions = new LinkedHashMap<>();
        if (document.get("Condition") instanceof Map<?, ?> given) {
            given.forEach((operator, keys) -> {
                Map<String, List<String>> values = new LinkedHashMap<>();
                ((Map<?, ?>) keys).forEach((key, value) -> values.put(known(operator, key), texts(value)));
                conditions.put((String) operator, values);
            });
        }
        return new Statement(
                Element.text(document, "Sid"),
                effect(Element.text(document, "Effect")),
                texts(Element.at(document, "Action")),
                texts(Element.at(document, "Resource")),
                conditions);
    }

    private static boolean effect(String effect) {
        return switch (effect) {
            case "Allow" -> true;
            case "Deny" -> false;
            default -> throw new IllegalArgumentException("effect " + effect);
        };
    }

    private static String known(Object operator, Object key) {
        boolean known =
                switch ((String) operator) {
                    case "ForAllValues:StringLike", "ForAllValues:StringEquals", "Null" -> key.equals(LEADING_KEYS);
                    case "StringEquals" -> key.equals(VIA_SERVICE);
                    default -> false;
                };
        if (!known) {
            throw new IllegalArgumentException("condition " + operator + " on " + key + " isn't known here");
        }
        return (String) key;
    }

    private static List<String> texts(Object value) {
        return value instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of((String) value);
    }

    /** Whether it is about this. */
    boolean matches(Right right) {
        return actions.stream().anyMatch(each -> like(each, right.action(), Pattern.CASE_INSENSITIVE))
                && resources.stream().anyMatch(each -> like(each, right.resource(), 0))
                && conditions.entrySet().stream().allMatch(each -> each.getValue().entrySet().stream()
                        .allMatch(key -> holds(each.getKey(), key.getValue(), right)));
    }

    /** {@code ForAllValues} is true of no value at all, as in IAM; that is what {@code Null} is for. */
    private static boolean holds(String operator, List<String> values, Right right) {
        return switch (operator) {
            case "ForAllValues:StringLike" ->
                right.leadingKeys().stream().allMatch(key -> values.stream().anyMatch(each -> like(each, key, 0)));
            case "ForAllValues:StringEquals" -> values.containsAll(right.leadingKeys());
            case "Null" -> right.leadingKeys().isEmpty() == Boolean.parseBoolean(values.get(0));
            default -> false; // of our own calls none goes to KMS
        };
    }

    /** The partition keys that it is limited to; empty if it isn't. */
    public List<String> leadingKeys() {
        return conditions.values().stream()
                .flatMap(each -> each.getOrDefault(LEADING_KEYS, List.of()).stream())
                .filter(each -> !each.equals("false"))
                .toList();
    }

    /** Whether {@code text} is like {@code pattern}, in which {@code *} is any text and {@code ?} any character. */
    public static boolean like(String pattern, String text, int flags) {
        String regex = pattern.chars()
                .mapToObj(each -> each == '*' ? ".*" : each == '?' ? "." : Pattern.quote(Character.toString(each)))
                .collect(Collectors.joining());
        return Pattern.compile(regex, flags | Pattern.DOTALL).matcher(text).matches();
    }
}
