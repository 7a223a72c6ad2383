package dev.connectionregistry.registry.dynamodb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A write whose answer never came: carried out or not, the writer learns which, or learns that he doesn't know. */
final class LostAnswerTest {
    private static final DatabaseName ORDERS = new DatabaseName("orders");
    private static final VersionedSettings FIRST = VersionedSettings.first(ORDERS, settings("db1"), by("alice"));

    private final DynamoDbClient direct = LocalTable.client();
    private final String table = LocalTable.create(direct);
    private final DynamoDbRegistryAdministration others = new DynamoDbRegistryAdministration(direct, table);
    private final LosingNetwork network = new LosingNetwork();
    private final DynamoDbClient unlucky =
            LocalTable.client(LocalTable.server().endpoint(), override -> override.addExecutionInterceptor(network));
    private final DynamoDbRegistryAdministration operators = new DynamoDbRegistryAdministration(unlucky, table);

    private static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    private static Change by(String who) {
        return new Change(who, Instant.EPOCH, "");
    }

    @BeforeEach
    void first() {
        assertThat(others.write(FIRST)).isInstanceOf(WriteResult.Written.class);
    }

    @AfterEach
    void close() {
        unlucky.close();
        direct.close();
    }

    @Test
    void aWriteThatWasCarriedOutIsWritten() {
        network.answersToLose = 1;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        assertThat(operators.write(second)).isEqualTo(new WriteResult.Written(second));
        assertThat(others.history(ORDERS, 10)).containsExactly(second, FIRST);
    }

    @Test
    void aWriteIsWrittenAlsoWhenEveryAnswerIsLost() {
        network.answersToLose = 100;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        assertThat(operators.write(second)).isEqualTo(new WriteResult.Written(second));
        assertThat(others.history(ORDERS, 10)).containsExactly(second, FIRST);
    }

    @Test
    void aWriteIsWrittenAlsoWhenSomebodyWroteTheNextVersionBeforeTheReadBack() {
        network.answersToLose = 1;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        VersionedSettings third = second.next(settings("db3"), by("bob"));
        network.afterLoss = () -> assertThat(others.write(third)).isInstanceOf(WriteResult.Written.class);
        assertThat(operators.write(second)).isEqualTo(new WriteResult.Written(second));
        assertThat(others.read(ORDERS)).isEqualTo(new ReadResult.Found(third));
    }

    @Test
    void aWriteThatNeverLeftIsSentAgain() {
        network.requestsToLose = 1;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        assertThat(operators.write(second)).isEqualTo(new WriteResult.Written(second));
        assertThat(network.writes.get()).isEqualTo(1);
    }

    @Test
    void aWriteThatWasOvertakenWhileItWasLostIsAConflict() {
        network.requestsToLose = 1;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        VersionedSettings faster = FIRST.next(settings("db9"), by("bob"));
        network.afterLoss = () -> assertThat(others.write(faster)).isInstanceOf(WriteResult.Written.class);
        assertThat(operators.write(second)).isEqualTo(new WriteResult.Conflict(new ReadResult.Found(faster)));
        assertThat(others.history(ORDERS, 10)).containsExactly(faster, FIRST);
    }

    @Test
    void aWriteThatCannotBeReadBackHasAnUnknownOutcome() {
        network.answersToLose = 100;
        network.readsFail = true;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        assertThatThrownBy(() -> operators.write(second))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN))
                .hasMessageContaining("registry-admin history orders")
                .hasMessageContaining("version 2 by alice");
        assertThat(others.version(ORDERS, 2)).isEqualTo(Optional.of(second));
    }

    @Test
    void aWriteThatIsLostEveryTimeHasAnUnknownOutcomeSinceItMayStillArrive() {
        network.requestsToLose = 100;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        assertThatThrownBy(() -> operators.write(second))
                .isInstanceOfSatisfying(
                        RegistryException.class, e -> assertThat(e.kind()).isEqualTo(Kind.OUTCOME_UNKNOWN));
        assertThat(others.read(ORDERS)).isEqualTo(new ReadResult.Found(FIRST));
    }

    @Test
    void aWriteThatArrivesBetweenTheTwoLooksForItIsNotTakenForSomebodyElses() {
        network.requestsToLose = 100;
        VersionedSettings second = FIRST.next(settings("db2"), by("alice"));
        network.afterFirstRead = network::deliverLast;
        network.deliverBy = direct;
        assertThat(operators.write(second)).isEqualTo(new WriteResult.Written(second));
        assertThat(others.read(ORDERS)).isEqualTo(new ReadResult.Found(second));
    }
}
