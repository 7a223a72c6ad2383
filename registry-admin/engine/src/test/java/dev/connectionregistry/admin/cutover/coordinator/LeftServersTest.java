package dev.connectionregistry.admin.cutover.coordinator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.Endpoint;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class LeftServersTest {
    private static final Endpoint DB1 = Endpoint.parse("DB1:5432/orders");
    private static final Endpoint ALIAS = Endpoint.parse("alias:6432/orders");

    @Test
    void theSourceOfTheLatestSwitchIsLeft() {
        assertThat(found(DB1, List.of(), run("c-1", "db1", "db2", RunOutcome.SWITCHED)))
                .contains("c-1");
        assertThat(found(ALIAS, List.of(), run("c-1", "db1", "db2", RunOutcome.SWITCHED)))
                .isEmpty();
    }

    @Test
    void itIsRecognisedAtAnotherAddressByWhatInstancesReachedThere() {
        RunRecord run = run("c-1", "db1", "db2", RunOutcome.SWITCHED);
        assertThat(found(ALIAS, List.of(identity("1", "orders")), run)).contains("c-1");
        assertThat(found(ALIAS, List.of(identity("1", "billing")), run)).isEmpty();
        assertThat(found(ALIAS, List.of(identity("9", "orders")), run)).isEmpty();
    }

    @Test
    void aServerThatALaterCutoverMovedToIsNotLeft() {
        RunRecord back = run("c-2", "db2", "db1", RunOutcome.SWITCHED);
        RunRecord there = run("c-1", "db1", "db2", RunOutcome.SWITCHED);
        assertThat(found(DB1, List.of(), back, there)).isEmpty();
        assertThat(found(Endpoint.parse("db2:5432/orders"), List.of(), back, there))
                .contains("c-2");
    }

    @ParameterizedTest
    @EnumSource(
            value = RunOutcome.class,
            mode = Mode.EXCLUDE,
            names = {"SWITCHED", "SWITCHED_NOT_ALL_SEEN", "TOO_LATE"})
    void aRunThatDidNotSwitchLeavesNothing(RunOutcome outcome) {
        assertThat(found(DB1, List.of(), run("c-1", "db1", "db2", outcome))).isEmpty();
    }

    private static Optional<String> found(Endpoint to, List<ServerIdentity> reached, RunRecord... runs) {
        return LeftServers.find(to, reached, List.of(runs))
                .map(run -> run.spec().id());
    }

    private static ServerIdentity identity(String system, String database) {
        return new ServerIdentity(Optional.of(system), 16384, database, Instant.parse("2026-11-01T12:00:00Z"));
    }

    private static RunRecord run(String id, String from, String to, RunOutcome outcome) {
        RunRecord record =
                RunRecord.of(Stage.run(id, from, to, Stage.options())).between(Stage.ORDERS, server(from), server(to));
        return new RunRecord(
                record.spec(),
                record.coordinators(),
                record.databases(),
                record.steps(),
                false,
                Step.UNLOCK,
                false,
                Optional.of(outcome),
                "");
    }

    private static PostgresIdentity server(String name) {
        return new PostgresIdentity(name.replace("db", ""), "orders", 18, "18.0");
    }
}
