package dev.connectionregistry.admin.replication.verify;

import java.util.List;
import java.util.StringJoiner;

/** Keys for people. Pure. */
public final class KeyFormat {
    private static final int LONGEST = 60;

    private KeyFormat() {}

    /** {@code id=4711}, {@code (shop=3, number=17)}; long values are shortened. */
    public static String of(List<String> columns, List<String> key) {
        boolean one = columns.size() == 1;
        StringJoiner text = new StringJoiner(", ", one ? "" : "(", one ? "" : ")");
        for (int i = 0; i < columns.size(); i++) {
            String value = key.get(i);
            text.add(columns.get(i) + "="
                    + (value.length() <= LONGEST
                            ? value
                            : value.substring(0, LONGEST) + "... (" + value.length() + " characters)"));
        }
        return text.toString();
    }
}
