package dev.connectionregistry.local;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Documents that an attacker with write access to the table might leave. Each is derived from a valid one,
 * reproducibly.
 */
public final class HostileDocuments {
    /** On a terminal this would move the cursor, change colours, hide or reverse text, or forge a line. */
    public static final String POISON =
            "evil\u001b[2J\u001b]0;title\u0007\u009b31m\u202eesrever\u200b\ufeff\r\nerror: forged\u0000\u007f\u2028\ud800";

    private static final int LARGE = 400_000;

    private HostileDocuments() {}

    /** Values of every kind that an attribute should not have. */
    public static List<Object> values() {
        return List.of(
                "",
                POISON,
                "x".repeat(LARGE),
                "-1000000000-01-01T00:00:00Z",
                "+1000000000-12-31T23:59:59.999999999Z",
                "1969-12-31T23:59:59Z",
                "NaN",
                "\u0661\u0662\u0663",
                0L,
                -1L,
                Long.MAX_VALUE,
                Long.MIN_VALUE,
                999_999_999_999L,
                4_294_967_297L,
                new BigDecimal("0.5"),
                new BigDecimal("1E+125"),
                new BigDecimal("9.9999999999999999999999999999999999999E-130"),
                new BigDecimal("99999999999999999999999999999999999999"),
                true,
                List.of(),
                List.of(POISON, 1L, Map.of()),
                Map.of(),
                Map.of(POISON, POISON),
                Map.of("$null", true),
                Map.of("$binary", "AAAA"),
                Map.of("$stringSet", List.of("a", "b")),
                deep(30));
    }

    private static Object deep(int depth) {
        Object value = POISON;
        for (int i = 0; i < depth; i++) {
            value = i % 2 == 0 ? Map.of("deeper", value) : List.of(value);
        }
        return value;
    }

    /** Every attribute at any depth, by the path to it. */
    public static List<List<String>> paths(Map<String, ?> document) {
        List<List<String>> paths = new ArrayList<>();
        collect(document, List.of(), paths);
        return paths;
    }

    private static void collect(Map<?, ?> map, List<String> above, List<List<String>> paths) {
        map.forEach((name, value) -> {
            List<String> path = new ArrayList<>(above);
            path.add(String.valueOf(name));
            paths.add(List.copyOf(path));
            if (value instanceof Map<?, ?> child) {
                collect(child, path, paths);
            }
        });
    }

    /** {@code document} with {@code value} at {@code path}. */
    public static Map<String, Object> with(Map<String, ?> document, List<String> path, Object value) {
        return changed(document, path, value, false);
    }

    /** {@code document} without what is at {@code path}. */
    public static Map<String, Object> without(Map<String, ?> document, List<String> path) {
        return changed(document, path, "", true);
    }

    private static Map<String, Object> changed(Map<?, ?> document, List<String> path, Object value, boolean remove) {
        Map<String, Object> copy = new LinkedHashMap<>();
        document.forEach((name, each) -> copy.put(String.valueOf(name), each));
        String first = path.get(0);
        if (path.size() > 1 && copy.get(first) instanceof Map<?, ?> child) {
            copy.put(first, changed(child, path.subList(1, path.size()), value, remove));
        } else if (remove) {
            copy.remove(first);
        } else {
            copy.put(first, value);
        }
        return copy;
    }

    /** {@code document} after some random changes. */
    public static Map<String, Object> mutated(Map<String, ?> document, Random random) {
        Map<String, Object> mutated = new LinkedHashMap<>(document);
        List<Object> values = values();
        for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            List<List<String>> paths = paths(mutated);
            if (paths.isEmpty()) {
                return mutated;
            }
            List<String> path = paths.get(random.nextInt(paths.size()));
            mutated = switch (random.nextInt(4)) {
                case 0 -> without(mutated, path);
                case 1 -> with(mutated, List.of(POISON + random.nextInt(9)), values.get(random.nextInt(values.size())));
                default -> with(mutated, path, values.get(random.nextInt(values.size())));
            };
        }
        return mutated;
    }
}
