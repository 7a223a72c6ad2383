package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.RegistryException.Kind;
import dev.connectionregistry.registry.WriteResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** A write of a cutover whose answer never came: lock, settings under the lock, journal; and how the next epoch settles it. */
final class LostCutoverAnswerTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final VersionedSettings FIRST = VersionedSettings.first(ORDERS, settings("db1"), by("alice"));
    private static final VersionedSettings SECOND = FIRST.next(settings("db2"), by("alice"));
    private static final CutoverLock MINE = lock(1, "mine");
    private static final CutoverLock THEIRS = lock(2, "theirs");
    private static final Map<String, Object> JOURNAL = Map.of("step", "fence");

    private final DynamoDbClient direct = LocalTable.client();
    private final String table = LocalTable.create(direct);
    private final DynamoDbRegistryAdministration others = new DynamoDbRegistryAdministration(direct, table);
    private final LosingNetwork network = new LosingNetwork();
    private final DynamoDbClient unlucky =
            LocalTable.client(LocalTable.server().endpoint(), override -> override.addExecutionInterceptor(network));
    private final DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(unlucky, table);
    private final CutoverRegistry cutovers = operators.cutovers();

    private static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    private static Change by(String who) {
        return new Change(who, Instant.EPOCH, "");
    }

    private static CutoverLock lock(long epoch, String token) {
        return new CutoverLock(ORDERS, epoch, "c-1", true, token, "alice", Instant.EPOCH);
    }

    @BeforeEach
    void first() {
        network.deliverBy = direct;
        assertThat(others.write(FIRST)).isInstanceOf(WriteResult.Written.class);
    }

    @AfterEach
    void close() {
        operators.close();
        others.close();
        unlucky.close();
        direct.close();
    }

    private void held() {
        assertThat(others.cutovers().writeLock(MINE)).isTrue();
    }

    private void takenOver() {
        assertThat(others.cutovers().writeLock(THEIRS)).isTrue();
    }

    private static void assertUnknown(ThrowingCallable write, String next) {
        assertThatThrownBy(write)
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN))
                .hasMessageContaining(next);
    }

    @Test
    void aLockThatWasTakenIsTakenAlsoWhenEveryAnswerIsLost() {
        network.answersToLose = 100;
        assertThat(cutovers.writeLock(MINE)).isTrue();
        assertThat(others.cutovers().lock(ORDERS)).contains(MINE);
    }

    @Test
    void aLockThatSomebodyTookWhileTheRequestWasLostIsNotTaken() {
        network.requestsToLose = 1;
        CutoverLock faster = lock(1, "faster");
        network.afterLoss =
                () -> assertThat(others.cutovers().writeLock(faster)).isTrue();
        assertThat(cutovers.writeLock(MINE)).isFalse();
        assertThat(others.cutovers().lock(ORDERS)).contains(faster);
    }

    @Test
    void aLockThatWasTakenAndTakenOverBeforeTheReadBackIsNotHeld() {
        network.answersToLose = 100;
        network.afterLoss = () -> others.cutovers().writeLock(THEIRS);
        assertThat(cutovers.writeLock(MINE)).isFalse();
        assertThat(others.cutovers().lock(ORDERS)).contains(THEIRS);
    }

    @Test
    void aLockThatIsLostEveryTimeHasAnUnknownOutcomeAndTheNextEpochSettlesIt() {
        held();
        network.requestsToLose = 100;
        assertUnknown(() -> cutovers.writeLock(THEIRS), "registry-admin cutover status orders");
        CutoverLock again = lock(2, "again");
        assertThat(others.cutovers().writeLock(again)).isTrue();
        assertThatThrownBy(network::deliverLast).isInstanceOf(TransactionCanceledException.class);
        assertThat(others.cutovers().lock(ORDERS)).contains(again);
    }

    @Test
    void aLockThatCannotBeReadBackHasAnUnknownOutcome() {
        network.answersToLose = 100;
        network.readsFail = true;
        assertUnknown(() -> cutovers.writeLock(MINE), "epoch 1 by alice");
    }

    @Test
    void aSettingsWriteThatWasCarriedOutIsWrittenAlsoWhenTheLockWasTakenOverSince() {
        held();
        network.answersToLose = 100;
        network.afterLoss = () -> others.cutovers().writeLock(THEIRS);
        assertThat(cutovers.write(SECOND, MINE)).isEqualTo(new WriteResult.Written(SECOND));
        assertThat(others.history(ORDERS, 10)).containsExactly(SECOND, FIRST);
    }

    @Test
    void aSettingsWriteIsSentAgainAndFindsItsLockLost() {
        held();
        network.requestsToLose = 1;
        network.afterLoss = this::takenOver;
        assertThat(cutovers.write(SECOND, MINE)).isEqualTo(new WriteResult.LockLost(Optional.of(THEIRS)));
        assertThat(others.history(ORDERS, 10)).containsExactly(FIRST);
    }

    @Test
    void aSettingsWriteThatNeverArrivedIsSettledByTheLockOfAnother() {
        held();
        network.requestsToLose = 100;
        network.afterLoss = () -> others.cutovers().writeLock(THEIRS);
        assertThat(cutovers.write(SECOND, MINE)).isEqualTo(new WriteResult.LockLost(Optional.of(THEIRS)));
        assertThatThrownBy(network::deliverLast).isInstanceOf(TransactionCanceledException.class);
        assertThat(others.history(ORDERS, 10)).containsExactly(FIRST);
    }

    @Test
    void aSettingsWriteThatArrivesBetweenTheLooksForItIsWritten() {
        held();
        network.requestsToLose = 100;
        network.afterFirstRead = () -> {
            network.deliverLast();
            takenOver();
        };
        assertThat(cutovers.write(SECOND, MINE)).isEqualTo(new WriteResult.Written(SECOND));
        assertThat(others.read(ORDERS)).isEqualTo(new ReadResult.Found(SECOND));
    }

    @Test
    void aSettingsWriteWithAnUnknownOutcomeIsSettledByTheNextEpochOneWay() {
        held();
        network.requestsToLose = 100;
        assertUnknown(() -> cutovers.write(SECOND, MINE), "version 2 by alice");
        takenOver();
        assertThatThrownBy(network::deliverLast).isInstanceOf(TransactionCanceledException.class);
        assertThat(others.read(ORDERS)).isEqualTo(new ReadResult.Found(FIRST));
    }

    @Test
    void aSettingsWriteWithAnUnknownOutcomeIsSettledByTheNextEpochTheOtherWay() {
        held();
        network.answersToLose = 100;
        network.readsFail = true;
        assertUnknown(() -> cutovers.write(SECOND, MINE), "version 2 by alice");
        takenOver();
        assertThat(others.read(ORDERS)).isEqualTo(new ReadResult.Found(SECOND));
    }

    @Test
    void aJournalThatWasCarriedOutIsWrittenAlsoWhenEveryAnswerIsLost() {
        held();
        network.answersToLose = 100;
        assertThat(cutovers.writeJournal(MINE, JOURNAL)).isTrue();
        assertThat(others.cutovers().journal(ORDERS, "c-1")).contains(JOURNAL);
    }

    @Test
    void aJournalThatNeverArrivedIsNotWrittenOnceTheLockIsLost() {
        held();
        network.requestsToLose = 100;
        network.afterLoss = () -> others.cutovers().writeLock(THEIRS);
        assertThat(cutovers.writeJournal(MINE, JOURNAL)).isFalse();
        assertThatThrownBy(network::deliverLast).isInstanceOf(TransactionCanceledException.class);
        assertThat(others.cutovers().journal(ORDERS, "c-1")).isEmpty();
    }

    @Test
    void aJournalThatIsLostEveryTimeHasAnUnknownOutcomeAndTheNextEpochSettlesIt() {
        held();
        network.requestsToLose = 100;
        assertUnknown(() -> cutovers.writeJournal(MINE, JOURNAL), "registry-admin cutover resume orders");
        takenOver();
        assertThatThrownBy(network::deliverLast).isInstanceOf(TransactionCanceledException.class);
        assertThat(others.cutovers().journal(ORDERS, "c-1")).isEmpty();
    }
}
