package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/** Compares the sequences of two servers and copies them. Thread-safe. */
public final class Sequences {
    private static final Duration LOGIN = Duration.ofSeconds(10);
    private static final Duration BOUND = Duration.ofSeconds(20);

    private final SequencePair.Opener opener;

    /** Over what {@code opener} opens. */
    @Inject
    public Sequences(SequencePair.Opener opener) {
        this.opener = opener;
    }

    /**
     * How they stand, after copying them if that is wanted.
     *
     * @param margin copy, that many steps further on; empty to look only
     * @throws OperationException if a server can't be reached, refuses, or a sequence can't be copied
     */
    public List<SequenceStanding> run(ServerPair pair, OptionalLong margin) {
        try (SequencePair servers = opener.open(pair, LOGIN)) {
            if (margin.isPresent()) {
                servers.copy(margin.getAsLong(), BOUND);
            }
            return servers.compare(BOUND);
        } catch (ServerException e) {
            throw ServerErrorText.told(e);
        }
    }
}
