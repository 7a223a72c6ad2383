package dev.connectionregistry.registry;

import dev.connectionregistry.settings.DatabaseName;
import java.time.Instant;

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
 */
public record CutoverLock(
        DatabaseName database, long epoch, String runId, boolean held, String token, String by, Instant at) {}
