package dev.connectionregistry.admin.cutover.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.Stage;
import dev.connectionregistry.admin.settings.Authorship;
import dev.connectionregistry.local.LocalDynamoDb;
import dev.connectionregistry.local.TcpGate;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.VersionedSettings;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/** A switch that the network holds back, against the real table: given up in time, and harmless once somebody took over. */
@Timeout(60)
class UnansweredSwitchTest {
    private static final Duration REST = Duration.ofMillis(500);
    private static final RunSpec SPEC = Stage.run("c-1", Stage.options());

    private final LocalDynamoDb dynamo = LocalDynamoDb.start();
    private final TcpGate network = TcpGate.to("127.0.0.1", dynamo.port());
    private final DynamoDbClient slowClient = client(URI.create("http://" + network.host() + ":" + network.port()));
    private final DynamoDbClient quickClient = client(dynamo.endpoint());
    private final DynamoDbRegistryAdministration table =
            new DynamoDbRegistryAdministration(quickClient, "connection-registry");
    private final RunRegistry first =
            run(new DynamoDbRegistryAdministration(slowClient, "connection-registry"), "alice");
    private final RunRegistry successor = run(table, "bob");

    /** With a connection for each request, so that the end of one is the end of the other. */
    private DynamoDbClient client(URI endpoint) {
        return DynamoDbClient.builder()
                .endpointOverride(endpoint)
                .region(Region.of(dynamo.region()))
                .credentialsProvider(StaticCredentialsProvider.create(
                        AwsBasicCredentials.create(dynamo.accessKeyId(), dynamo.secretAccessKey())))
                .overrideConfiguration(override -> override.putHeader("Connection", "close"))
                .build();
    }

    private static RunRegistry run(DynamoDbRegistryAdministration registry, String by) {
        return new RunRegistry(registry, registry.cutovers(), new Authorship(() -> by, Clock.systemUTC()), SPEC);
    }

    @BeforeEach
    void aHoldStandsAndTheSwitchIsOnItsWay() throws StepFailure {
        table.createTable();
        table.write(VersionedSettings.first(Stage.ORDERS, Stage.SOURCE, new Change("alice", Instant.EPOCH, "")));
        first.take(false);
        first.look();
        VersionedSettings steady = first.current(Stage.ORDERS);
        Transition hold = SPEC.home()
                .transition(
                        Transition.Phase.HOLD,
                        Stage.SOURCE,
                        SPEC.options().times().holdBudget());
        first.write(List.of(steady.nextIn(hold, first.sign("hold"))), REST.multipliedBy(8));
        network.hang();
        long start = System.nanoTime();
        assertThatThrownBy(() -> first.write(
                        List.of(first.current(Stage.ORDERS).next(SPEC.target(), first.sign("switch"))), REST))
                .isInstanceOfSatisfying(RegistryException.class, problem -> assertThat(problem.kind())
                        .isEqualTo(RegistryException.Kind.OUTCOME_UNKNOWN))
                .hasMessageContaining("writing version 3 of 'orders'")
                .hasMessageContaining("500 ms that were left of the hold budget");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(REST, REST.multipliedBy(4));
    }

    @AfterEach
    void stop() {
        slowClient.close();
        quickClient.close();
        network.close();
        dynamo.close();
    }

    @Test
    void itMayTakeEffectForAsLongAsNobodyTookTheLockAnew() {
        network.heal();
        awaitArrival();
        assertThat(host()).isEqualTo("db2");
    }

    @Test
    void itTakesNoEffectAfterTheLockWasTakenAnew() throws StepFailure {
        successor.take(true);
        successor.look();
        assertThat(successor.current(Stage.ORDERS).transition()).isPresent();
        network.heal();
        awaitArrival();
        assertThat(host()).isEqualTo("db1");
        VersionedSettings back = successor.current(Stage.ORDERS).next(Stage.SOURCE, successor.sign("withdrawn"));
        successor.write(List.of(back));
        assertThat(standing()).isEqualTo(back);
        assertThat(table.history(Stage.ORDERS, 9)).hasSize(3);
    }

    /** The connection on which it was held back ends once the server has answered it; there is no other one. */
    private void awaitArrival() {
        await().atMost(Duration.ofSeconds(20)).until(() -> network.connections() == 0);
    }

    private String host() {
        return standing().settings().endpoint().host();
    }

    private VersionedSettings standing() {
        return ((ReadResult.Found) table.read(Stage.ORDERS)).settings();
    }
}
