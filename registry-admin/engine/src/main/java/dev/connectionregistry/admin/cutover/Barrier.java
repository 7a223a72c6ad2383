package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.replication.RowGaps;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Proves that the target has everything that was committed on the source. Made for one run; for one thread. */
public interface Barrier extends AutoCloseable {
    /** What it waits for, for people: {@code slot "orders_sub" on the source}, {@code nothing}. */
    String describe();

    /** Fails early if this barrier can't work here, such as no slot of that name; changes nothing. */
    void check(Duration bound) throws ServerException;

    /**
     * Does what the next {@link #await} would do before it knows the position that it waits for. Optional: after a
     * failure {@link #await} does all of it. May run on another thread than the other methods, but not at the same time.
     */
    default void prepare(Duration bound) throws ServerException {}

    /**
     * Waits until the target has, flushed, everything that was committed on the source before this call. Only while the
     * fence holds is that everything; before the hold it shows that replication keeps up.
     *
     * @return what was seen, for the journal: {@code 0/16B3748 confirmed by slot orders_sub}
     * @throws ServerException {@code TIMED_OUT} with how far it got
     */
    String await(SourceServer source, Duration bound) throws ServerException;

    /**
     * The replication slots on the source through which the target gets everything that is waited for; the fence leaves
     * their walsenders alone. Empty if this barrier doesn't use slots.
     */
    default Optional<Set<String>> slots(Duration bound) throws ServerException {
        return Optional.empty();
    }

    /**
     * Tables of which the target lacks rows, or has too many, although it follows; found while there are writes. Empty if there
     * is none, or this barrier can't tell.
     */
    default List<RowGaps.Gap> gaps(SourceServer source, Duration bound) throws ServerException {
        return List.of();
    }

    /** As {@link SourceServer#cancel}: ends the statement that {@link #await} waits for. */
    default void cancel() {}

    @Override
    void close();
}
