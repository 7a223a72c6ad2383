package dev.connectionregistry.admin.cutover.fence;

import java.util.Optional;

/**
 * What is seen of a fence on a server.
 *
 * @param up whether any part of a fence is up, or the database is read-only by default for whatever reason
 * @param runId the run that put it up, by the record on the server; empty if there is no record
 * @param plan what it changed, by that record
 */
public record ObservedFence(boolean up, Optional<String> runId, Optional<FencePlan> plan) {
    /** Without a record. */
    public static ObservedFence unrecorded(boolean up) {
        return new ObservedFence(up, Optional.empty(), Optional.empty());
    }
}
