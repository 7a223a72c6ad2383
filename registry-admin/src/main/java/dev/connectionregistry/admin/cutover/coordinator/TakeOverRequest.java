package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.decision.Purpose;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.settings.DatabaseName;
import java.util.Optional;

/**
 * Somebody takes a run over.
 *
 * @param database whose fleet
 * @param runId which run; empty for the one that has the lock
 * @param purpose {@link Purpose#RESUME} or {@link Purpose#ABORT}
 * @param oldAdmin another login on the old server than the journal's
 * @param newAdmin another login on the new server than the journal's
 */
public record TakeOverRequest(
        DatabaseName database, Optional<String> runId, Purpose purpose, AdminLogin oldAdmin, AdminLogin newAdmin) {}
