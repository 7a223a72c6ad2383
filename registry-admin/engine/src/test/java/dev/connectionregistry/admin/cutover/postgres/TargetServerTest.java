package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.cutover.postgres.LockTest.assertFails;
import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static dev.connectionregistry.admin.postgres.TestDatabase.q;
import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException.Kind;
import org.junit.jupiter.api.Test;

class TargetServerTest {
    private static final String SLOTS = "SELECT plugin FROM pg_replication_slots WHERE slot_name = 'back_1'";

    @Test
    void showsThatItTakesWritesAndSaysWhyNot() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (TargetServer server =
                PostgresServers.target(database.login(database.admin), "run-1").open(BOUND)) {
            server.requireWritable(BOUND);
            server.requireWritable(BOUND);
            database.execute("ALTER DATABASE " + q(database.name) + " SET default_transaction_read_only = on");
            assertFails(
                    Kind.NOT_SO,
                    "run all that 'cutover status' prints; else SET default_transaction_read_only = off; ALTER DATABASE",
                    () -> server.requireWritable(BOUND));
            database.server.execute("postgres", "ALTER DATABASE " + q(database.name) + " RESET ALL");
            database.execute("REVOKE TEMPORARY ON DATABASE " + q(database.name) + " FROM PUBLIC, " + q(database.owner));
            assertFails(Kind.REFUSED, "GRANT TEMPORARY", () -> server.requireWritable(BOUND));
        }
    }

    @Test
    void makesASlotForGoingBackAnewAndDropsIt() throws Exception {
        TestDatabase database = TestDatabase.on(18);
        try (TargetServer server =
                PostgresServers.target(database.login(database.admin), "run-1").open(BOUND)) {
            assertFails(Kind.REFUSED, "REPLICATION", () -> server.createReverseSlot("back_1", BOUND));
        }
        database.execute("ALTER ROLE " + q(database.admin) + " REPLICATION");
        try (TargetServer server =
                PostgresServers.target(database.login(database.admin), "run-1").open(BOUND)) {
            server.requireReverseSlot("back_1", BOUND);
            assertThat(database.query(SLOTS)).as("only tried").isEmpty();
            server.createReverseSlot("back_1", BOUND);
            server.createReverseSlot("back_1", BOUND);
            assertFails(
                    Kind.NOT_SO,
                    "there is a replication slot 'back_1' on ",
                    () -> server.requireReverseSlot("back_1", BOUND));
            assertThat(database.query(SLOTS)).containsExactly("pgoutput");
            server.dropReverseSlot("back_1", BOUND);
            server.dropReverseSlot("back_1", BOUND);
            assertThat(database.query(SLOTS)).isEmpty();
        }
    }
}
