package dev.connectionregistry.cloudformation.template;

import java.util.List;
import java.util.Map;

/** Reads required elements of a document; a missing one is an error that names it. */
public final class Element {
    private Element() {}

    /** The value of a key. */
    public static Object at(Map<?, ?> map, String key) {
        Object value = map.get(key);
        if (value == null) {
            throw new IllegalArgumentException("no " + key + " in " + map.keySet());
        }
        return value;
    }

    /** A text. */
    public static String text(Map<?, ?> map, String key) {
        return (String) at(map, key);
    }

    /** A mapping. */
    public static Map<String, Object> map(Map<?, ?> map, String key) {
        return Template.map(at(map, key));
    }

    /** A list of mappings. */
    public static List<Map<String, Object>> maps(Map<?, ?> map, String key) {
        return ((List<?>) at(map, key)).stream().map(Template::map).toList();
    }
}
