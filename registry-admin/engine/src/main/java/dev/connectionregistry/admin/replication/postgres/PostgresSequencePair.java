package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.Remedies;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.postgres.SessionPair;
import dev.connectionregistry.admin.replication.Sequences.SequencePair;
import dev.connectionregistry.admin.replication.Sequences.SequenceStanding;
import dev.connectionregistry.admin.replication.postgres.SequenceReader.Definition;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.List;

/** Sequences over JDBC. For one thread. */
public final class PostgresSequencePair implements SequencePair {
    private static final String APPLICATION = "registry-admin/sequences";

    private final SessionPair sessions;
    private final Session source;
    private final Session target;

    private PostgresSequencePair(SessionPair sessions) {
        this.sessions = sessions;
        this.source = sessions.source();
        this.target = sessions.target();
    }

    /**
     * Logs in on both servers.
     *
     * @param source needs SELECT on the sequences
     * @param target the same, and UPDATE to copy
     */
    public static PostgresSequencePair open(Login source, Login target, Duration bound) throws ServerException {
        return new PostgresSequencePair(SessionPair.open(source, target, APPLICATION, bound));
    }

    @Override
    public List<SequenceStanding> compare(Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        List<SequenceState> wanted = states(end);
        return target.call("read the sequences", Remedies.READ_SEQUENCES, end.left(), within -> {
            SequenceReader reader = new SequenceReader(target);
            List<Definition> definitions = reader.definitions(within);
            return SequenceStandings.of(wanted, definitions, reader.states(definitions, within));
        });
    }

    @Override
    public void copy(long margin, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        new SequenceWriter(target).set(states(end), margin, end.left());
    }

    private List<SequenceState> states(Deadline end) throws ServerException {
        return source.call(
                "read the sequences", Remedies.READ_SEQUENCES, end.left(), within -> new SequenceReader(source)
                        .states(within));
    }

    @Override
    public void close() {
        sessions.close();
    }
}
