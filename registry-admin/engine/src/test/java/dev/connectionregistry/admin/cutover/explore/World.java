package dev.connectionregistry.admin.cutover.explore;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Everything that matters, at one moment, in a few bits. Mutable while it is made; equal if all fields are. For one thread. */
final class World {
    /** Values of {@link Field#TRANSACTION}: none; one of the instance that lives; one whose instance was killed. */
    static final int IDLE = 0;

    static final int OWN = 1;
    static final int ORPHAN = 2;

    /** Values of {@link Field#RUN}: not started yet; ended or crashed. */
    static final int ABSENT = 0;

    static final int GONE = 1;

    private final long[] words;

    private World(long[] words) {
        this.words = words;
    }

    /** Nothing in it. */
    static World empty() {
        return new World(new long[Field.WORDS]);
    }

    static World of(long[] words) {
        return new World(words.clone());
    }

    World copy() {
        return new World(words.clone());
    }

    long[] words() {
        return words;
    }

    int get(Field field) {
        return field.in(words);
    }

    boolean is(Field field) {
        return field.in(words) != 0;
    }

    World set(Field field, int value) {
        field.put(words, value);
        return this;
    }

    /** What stands in the registry. */
    Content standing() {
        return content(get(Field.VERSION));
    }

    Content content(int version) {
        return Content.of(get(Field.CONTENT[version]));
    }

    /** Writes the next version. */
    World write(Content content) {
        int version = get(Field.VERSION) + 1;
        return set(Field.VERSION, version).set(Field.CONTENT[version], content.code());
    }

    /** One more fault of this sort. */
    World count(Fault fault) {
        Field field = Field.FAULTS[fault.code()];
        return set(field, get(field) + 1);
    }

    boolean alive(int coordinator) {
        return get(Field.RUN[coordinator]) > GONE;
    }

    boolean hasSession(int coordinator) {
        return (get(Field.SESSION) & (1 << coordinator)) != 0;
    }

    boolean hasEpoch(int coordinator) {
        return (get(Field.EPOCH) & (1 << coordinator)) != 0;
    }

    /** The coordinator is no more; its session ends with it. */
    World leaves(int coordinator) {
        return set(Field.SESSION, get(Field.SESSION) & ~(1 << coordinator))
                .set(Field.RUN[coordinator], GONE)
                .set(Field.SEEN[coordinator], 0)
                .set(Field.BARRIER[coordinator], 0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof World that && Arrays.equals(words, that.words);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(words);
    }
}
