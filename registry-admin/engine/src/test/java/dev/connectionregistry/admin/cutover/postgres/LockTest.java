package dev.connectionregistry.admin.cutover.postgres;

import static dev.connectionregistry.admin.postgres.TestDatabase.BOUND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.postgres.TestDatabase;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LockTest {
    static void assertFails(Kind kind, String part, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(ServerException.class)
                .hasMessageContaining(part)
                .hasMessageNotContaining(TestDatabase.SECRET)
                .asInstanceOf(type(ServerException.class))
                .extracting(ServerException::kind)
                .isEqualTo(kind);
    }

    @Test
    void isRefusedWhileAnotherRunHasItAndNamesThatRun() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer first = database.open("run-1")) {
            assertFails(Kind.REFUSED, "registry-admin/run-1", () -> database.open("run-2"));
            assertThat(first.walPosition(BOUND)).contains("/");
        }
    }

    @Test
    void isFreeOnceTheHolderHasLeftAndApartInEveryDatabase() throws Exception {
        TestDatabase one = TestDatabase.on(17);
        TestDatabase other = TestDatabase.on(17);
        SourceServer first = one.open("run-1");
        other.open("run-2").close();
        first.close();
        try (SourceServer next = one.open("run-3")) {
            assertThat(next.identity().database()).isEqualTo(one.name);
        }
    }

    @Test
    void isNotRefusedForARunWhoseSessionIsOnItsWayOut() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        String key = "x'434F4E4E52454749'::bit(64)::bigint";
        CompletableFuture<Void> leaving = CompletableFuture.runAsync(() -> leave(database, key));
        await().until(() -> leaving.isDone()
                || database.query("SELECT 1 FROM pg_locks WHERE locktype = 'advisory'")
                                .size()
                        == 1);
        database.open("run-2").close();
        leaving.get(20, TimeUnit.SECONDS);
    }

    private static void leave(TestDatabase database, String key) {
        try {
            database.execute("SELECT pg_advisory_lock(" + key + "), pg_sleep(0.4), pg_advisory_unlock(" + key + ")");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {11, 18})
    void takenOverLeavesAZombieThatCanNeitherFenceNorUnfence(int major) throws Exception {
        TestDatabase database = TestDatabase.on(major);
        SourceServer zombie = database.open("run-1");
        zombie.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
        try (SourceServer heir = database.takeOver("run-2")) {
            assertFails(Kind.SESSION_LOST, "session lost", () -> zombie.raise(BOUND));
            assertThat(defaults(database)).isEmpty();
            heir.plan(FenceKind.READ_ONLY, Set.of(), BOUND);
            heir.raise(BOUND);
            assertFails(Kind.SESSION_LOST, "lost before", () -> zombie.lower(BOUND));
            assertThat(defaults(database)).containsExactly("{default_transaction_read_only=on}");
            assertFails(Kind.SESSION_LOST, "lost before", () -> zombie.prove(Optional.empty(), BOUND));
            heir.lower(BOUND);
        }
        zombie.close();
        assertThat(defaults(database)).isEmpty();
    }

    private static Iterable<String> defaults(TestDatabase database) throws Exception {
        return database.query("""
                SELECT setconfig
                FROM pg_db_role_setting s
                JOIN pg_database d ON d.oid = s.setdatabase
                WHERE datname = current_database()
                """);
    }

    @Test
    void tellsWhichServerItIs() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        try (SourceServer server = database.open("run-1")) {
            assertThat(server.identity().major()).isEqualTo(17);
            assertThat(server.identity().version()).startsWith("17.");
            assertThat(server.identity().systemIdentifier())
                    .isEqualTo(database.query("SELECT system_identifier FROM pg_control_system()")
                            .get(0));
        }
    }

    @Test
    void saysWhichLoginFailedAndNotThePassword() throws Exception {
        TestDatabase database = TestDatabase.on(17);
        Login nobody = database.login("no such role " + database.name);
        assertFails(Kind.REFUSED, "no such role", () -> PostgresServers.source(nobody, nobody, "run-1")
                .open(false, BOUND));
    }
}
