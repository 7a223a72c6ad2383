package dev.connectionregistry.admin.replication.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** How a table's rows get to the target. */
public enum CopyMethod {
    /** The server copies it whole, then it follows. */
    COPY("copy"),
    /** The server copies it in parts by a hash of its key, each over a slot of its own. */
    SLICES("slices"),
    /** It follows from now on; a person copies the existing rows. */
    BACKFILL("backfill"),
    /** It isn't replicated. */
    LEAVE_OUT("leave-out");

    private final String word;

    CopyMethod(String word) {
        this.word = word;
    }

    /** The word for it in a plan. */
    public String word() {
        return word;
    }

    public static Optional<CopyMethod> of(String word) {
        return Arrays.stream(values()).filter(each -> each.word.equals(word)).findFirst();
    }

    public static List<String> words() {
        return Arrays.stream(values()).map(CopyMethod::word).toList();
    }

    @Override
    public String toString() {
        return word;
    }
}
