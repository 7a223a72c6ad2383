package dev.connectionregistry.admin.cutover.server;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How a fence is put up and taken down again, exactly as it was before. Made before the hold and kept in the journal, so
 * that whoever takes over can take it down. Contains SQL, no secrets.
 *
 * @param kind which fence
 * @param exemptRoles roles whose sessions are left alone and who may go on writing, such as a replicator's
 * @param up statements that put it up, in order; safe to repeat
 * @param down statements that put back what was there before, in order; safe to repeat
 */
public record FencePlan(FenceKind kind, Set<String> exemptRoles, List<String> up, List<String> down) {
    /** Copies the collections. */
    public FencePlan {
        exemptRoles = Set.copyOf(exemptRoles);
        up = List.copyOf(up);
        down = List.copyOf(down);
    }

    /** The statements that take it down for a person to paste into one session, which begins under the fence itself. */
    public List<String> downByHand() {
        return Stream.concat(Stream.of("SET default_transaction_read_only = off"), down.stream())
                .toList();
    }
}
