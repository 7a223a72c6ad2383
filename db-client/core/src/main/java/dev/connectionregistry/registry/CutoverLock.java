package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import java.time.Instant;
import java.util.Optional;

/**
 * Who may change a database's settings and journal in the course of a cutover. The epoch only ever grows: taking the lock,
 * taking it over and releasing it each write the next one, and nothing that an earlier holder sent takes effect from then on.
 *
 * @param database which database's
 * @param epoch 1 or more, one more with every write
 * @param runId the cutover that it was last taken for
 * @param held whether that run still has it
 * @param token random, new with every write, so that a holder whose answer was lost recognises its own
 * @param by who wrote it, for people
 * @param at when, by that machine's clock, for people
 * @param journal under which database the run's journal is: this one, or that of the run's first name if it moves several
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

    /** Of a run that has its journal here. */
    public CutoverLock(
            DatabaseName database, long epoch, String runId, boolean held, String token, String by, Instant at) {
        this(database, epoch, runId, held, token, by, at, database);
    }

    /** Whether {@code actual}, which is what the registry has, is this very lock, and still held: only then may its holder write. */
    public boolean isStillHeld(Optional<CutoverLock> actual) {
        return actual.filter(lock -> held
                        && lock.held()
                        && lock.epoch() == epoch
                        && lock.token().equals(token))
                .isPresent();
    }
}
