package dev.connectionregistry.admin.cutover.explore;

import dev.connectionregistry.admin.cutover.explore.Writer.Server;
import dev.connectionregistry.settings.Commitment.Kind;
import java.util.Arrays;
import java.util.List;
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

    private static final int SECOND_CUTOVERS = 3; // in REVEALED, after one for each writer of the first cutover

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

    /** Whether the cutover that is under way, or was last, is the second. */
    boolean isSecondCutover() {
        return is(Field.CUTOVER);
    }

    /** What this coordinator is as a writer of the present cutover. */
    Writer writer(int coordinator) {
        return isSecondCutover() ? Writer.of(get(Field.CUTOVER)) : Writer.of(coordinator);
    }

    /** Where the present cutover leaves from. */
    Server source() {
        return writer(0).source();
    }

    /** Where the present cutover leads. */
    Server target() {
        return writer(0).target();
    }

    /** The secret that was revealed for a version; null if none was. */
    @Nullable
    Secret revealed(int version) {
        int by = get(Field.REVEALED[version]);
        if (by == 0) {
            return null;
        }
        Writer writer = revealedBy(by);
        Content content = content(version);
        Kind steady = content.server() == writer.target() ? Kind.SWITCH : Kind.UNDO;
        return new Secret(writer, content.isHold() ? Kind.HOLD : steady, version);
    }

    private Writer revealedBy(int code) {
        return code == SECOND_CUTOVERS ? Writer.of(get(Field.CUTOVER)) : Writer.of(code - 1);
    }

    private static int code(Writer writer) {
        return Math.min(writer.code() + 1, SECOND_CUTOVERS);
    }

    /** The secret for the version that stands is revealed. */
    World reveal(Writer writer) {
        return set(Field.REVEALED[get(Field.VERSION)], code(writer));
    }

    /** A secret that was revealed although nothing of the sort was written; null if none was. */
    @Nullable
    Secret untrue() {
        int kind = get(Field.UNTRUE_KIND);
        return kind == 0
                ? null
                : new Secret(revealedBy(get(Field.UNTRUE_BY)), Secret.kind(kind - 1), get(Field.UNTRUE_VERSION));
    }

    /** Reveals a secret although nothing of the sort was written. */
    World revealUntruly(Secret secret) {
        return set(Field.UNTRUE_KIND, Secret.code(secret.kind()) + 1)
                .set(Field.UNTRUE_VERSION, secret.version())
                .set(Field.UNTRUE_BY, code(secret.writer()));
    }

    /** One more fault of this sort. */
    World count(Fault fault) {
        Field field = Field.FAULTS[fault.code()];
        return set(field, get(field) + 1);
    }

    boolean alive(int coordinator) {
        return get(Field.RUN[coordinator]) > GONE;
    }

    /** How many Postgres databases there are. */
    int databases() {
        return 1 + get(Field.TWO_NAMES);
    }

    /** The Postgres database that an instance uses. */
    int database(int instance) {
        return is(Field.TWO_NAMES) ? instance : 0;
    }

    /** Whether it has the session on every source. */
    boolean hasSession(int coordinator) {
        return hasSession(coordinator, 0) && hasSession(coordinator, databases() - 1);
    }

    boolean hasSession(int coordinator, int database) {
        return (get(Field.SESSION[database]) & (1 << coordinator)) != 0;
    }

    /** Whether the fence of any source is up. */
    boolean isFenced() {
        return is(Field.FENCE[0]) || is(Field.FENCE[1]);
    }

    /** Whether the fence of every source is up. */
    boolean isWhollyFenced() {
        return is(Field.FENCE[0]) && is(Field.FENCE[databases() - 1]);
    }

    /** Ends its sessions on all sources. */
    World withoutSessions(int coordinator) {
        for (Field session : Field.SESSION) {
            set(session, get(session) & ~(1 << coordinator));
        }
        return this;
    }

    /** Its barriers, one for each source. */
    static List<Field> barriers(int coordinator) {
        return List.of(Field.BARRIER[2 * coordinator], Field.BARRIER[2 * coordinator + 1]);
    }

    /** It has no position that it waits for. */
    World withoutBarriers(int coordinator) {
        barriers(coordinator).forEach(each -> set(each, 0));
        return this;
    }

    boolean hasEpoch(int coordinator) {
        return (get(Field.EPOCH) & (1 << coordinator)) != 0;
    }

    /** The coordinator is no more; its session ends with it. */
    World leaves(int coordinator) {
        return withoutSessions(coordinator)
                .withoutBarriers(coordinator)
                .set(Field.RUN[coordinator], GONE)
                .set(Field.SEEN[coordinator], 0);
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
