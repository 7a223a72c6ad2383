package dev.connectionregistry.admin.history;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.history.check.Kind;
import dev.connectionregistry.admin.history.check.Outcome;
import dev.connectionregistry.admin.history.check.Verdict;
import dev.connectionregistry.admin.history.stage.Database;
import dev.connectionregistry.admin.history.stage.Servers;
import dev.connectionregistry.admin.history.stage.Stage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** The stage and the checker themselves: what they say of a fleet that isn't cut over, and of one that is moved carelessly. */
@Tag("history")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HistoryServiceTest {
    private Servers servers;

    @BeforeAll
    void start() throws Exception {
        servers = new Servers(11, 18);
    }

    @AfterAll
    void stop() {
        servers.close();
    }

    @Test
    void aFleetThatStaysKeepsAllItsPromises() throws Exception {
        try (Stage stage = Stage.open(servers)) {
            stage.fleet().awaitServedBy(stage.source());
            await().atMost(Scenarios.LIMIT)
                    .until(() -> stage.fleet().operations().size() > 200);
            Verdict verdict = stage.verdict(stage.source());
            System.out.println(verdict);
            assertThat(verdict.problems()).isEmpty();
            assertThat(verdict.ended(Outcome.OK)).hasSizeGreaterThan(100);
            assertThat(verdict.ended(Outcome.FAILED)).isEmpty();
        }
    }

    /** Nobody holds the callers and nobody waits for the replication: rows of a plain move come too late, or late twice. */
    @Test
    void aPlainMoveOfAWritingFleetIsCaught() throws Exception {
        try (Stage stage = Stage.open(servers)) {
            awaitInsertOn(stage, stage.source());
            stage.replication().awaitCaughtUp(); // so that the target has rows with the source's numbers
            stage.replication().disable();
            stage.require("set-endpoint", stage.name(), stage.target().endpoint(), "--no-wait");
            stage.fleet().awaitServedBy(stage.target());
            awaitInsertOn(stage, stage.target());
            Verdict verdict = stage.verdict(stage.source(), stage.target());
            System.out.println(verdict);
            assertThat(verdict.problems())
                    .anyMatch(text -> text.contains("acknowledged and lost"))
                    .anyMatch(text -> text.contains("counters are wrong"))
                    .anyMatch(text -> text.contains("share a number of the sequence"));
        }
    }

    private static void awaitInsertOn(Stage stage, Database server) {
        await().atMost(Scenarios.LIMIT).until(() -> stage.fleet().operations().stream()
                .anyMatch(each -> each.is(Kind.INSERT, Outcome.OK) && each.port() == server.port()));
    }
}
