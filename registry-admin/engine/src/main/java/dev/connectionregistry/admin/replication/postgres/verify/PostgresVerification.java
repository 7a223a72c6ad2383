package dev.connectionregistry.admin.replication.postgres.verify;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.replication.verify.TableSide;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;

/** Opens what is needed to compare the rows of two servers: two sessions on each. */
public final class PostgresVerification {
    private PostgresVerification() {}

    /**
     * Logs in.
     *
     * @param source needs SELECT on the tables
     * @param target the same
     * @throws ServerException if a server can't be reached or refuses; then nothing is left open
     */
    public static TableSide.Opened open(Login source, Login target, Duration bound) throws ServerException {
        Deadline end = Deadline.of(bound);
        PostgresTableSide one = PostgresTableSide.open(source, end.left());
        try {
            PostgresTableSide other = PostgresTableSide.open(target, end.left());
            try {
                return new TableSide.Opened(one, other, SlotFollower.open(source, target, end.left()));
            } catch (ServerException | RuntimeException e) {
                other.close();
                throw e;
            }
        } catch (ServerException | RuntimeException e) {
            one.close();
            throw e;
        }
    }
}
