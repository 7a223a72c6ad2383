package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import java.time.Instant;
import java.util.Optional;

/**
 * The right to change a database's settings and journal during a cutover. The epoch only rises: taking the lock, taking
 * it over and releasing it each write the next epoch, and from then on nothing that an earlier holder sent takes
 * effect.
 *
 * @param database whose lock it is
 * @param epoch 1 or more, one more with every write
 * @param runId the run that last took it
 * @param held whether that run still holds it
 * @param token random, changed by every write, so that a holder whose answer was lost recognises its own lock
 * @param by who wrote it, for people
 * @param at when, by that machine's clock, for people
 * @param journal the database under which the run's journal is kept: this one, or the run's first name if the run moves
 *     several
 */
public record CutoverLock(
        DatabaseName database,
        long epoch,
        String runId,
        boolean held,
        String token,
        String by,
        Instant at,
        DatabaseName journal) {

    /** The lock of a run whose journal is kept under this database. */
    public CutoverLock(
            DatabaseName database, long epoch, String runId, boolean held, String token, String by, Instant at) {
        this(database, epoch, runId, held, token, by, at, database);
    }

    /**
     * Whether {@code actual}, the lock in the registry, is this very lock and still held: only then may its holder
     * write.
     */
    public boolean isStillHeld(Optional<CutoverLock> actual) {
        return actual.filter(lock -> held
                        && lock.held()
                        && lock.epoch() == epoch
                        && lock.token().equals(token))
                .isPresent();
    }
}
