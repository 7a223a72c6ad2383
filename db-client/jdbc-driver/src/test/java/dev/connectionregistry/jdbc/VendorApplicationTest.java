package dev.connectionregistry.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.connectionregistry.local.LogicalReplication;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.flowable.common.engine.api.delegate.event.FlowableEngineEventType;
import org.flowable.common.engine.api.delegate.event.FlowableEvent;
import org.flowable.common.engine.api.delegate.event.FlowableEventListener;
import org.flowable.common.engine.impl.history.HistoryLevel;
import org.flowable.engine.HistoryService;
import org.flowable.engine.ProcessEngine;
import org.flowable.engine.delegate.JavaDelegate;
import org.flowable.engine.impl.cfg.StandaloneProcessEngineConfiguration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A program that takes a URL: Flowable's process engine with its own pool, which never asks whether a connection is valid, and with its
 * job executor. Each process has one job.
 */
@Tag("storm")
@Timeout(300)
class VendorApplicationTest {
    private static final int MOVES = 20;
    private static final int PROCESSES_PER_STEP = 5;
    private static final Duration PAUSE = Duration.ofMillis(10);
    private static final String PROCESS = """
            <definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:flowable="http://flowable.org/bpmn"
                         targetNamespace="test">
              <process id="order">
                <startEvent id="start"/>
                <sequenceFlow id="one" sourceRef="start" targetRef="job"/>
                <serviceTask id="job" flowable:async="true" flowable:delegateExpression="${job}"/>
                <sequenceFlow id="two" sourceRef="job" targetRef="end"/>
                <endEvent id="end"/>
              </process>
            </definitions>
            """;

    @TempDir
    private Path directory = Path.of("");

    private final Map<String, Integer> executed = new ConcurrentHashMap<>();
    private final Set<String> started = ConcurrentHashMap.newKeySet();
    private final Queue<Object> failures = new ConcurrentLinkedQueue<>();
    private volatile boolean ending;

    @Test
    void eachJobIsDoneOnceThroughTwentyMovesAHoldAndACutover() throws Exception {
        try (Stage stage = new Stage(directory)) {
            makeSchemaOn(stage);
            ProcessEngine engine = engine(stage.url("flowable", ""), true);
            engine.getRepositoryService()
                    .createDeployment()
                    .addString("order.bpmn20.xml", PROCESS)
                    .deploy();
            Thread caller = new Thread(() -> startProcesses(engine), "caller");
            caller.start();
            try {
                awaitMore();
                for (int i = 1; i <= MOVES; i++) {
                    stage.moveToFirstAs(i % 2 == 1 ? "localhost" : stage.first.host());
                    awaitMore();
                }
                LogicalReplication.start(stage.first, stage.second, Stage.DATABASE)
                        .awaitInitialCopy(Duration.ofSeconds(60));
                stage.cutOver(0, "--rehearse");
                awaitMore();
                stage.cutOver(0);
                awaitMore();
            } finally {
                ending = true;
                caller.join();
            }
            requireOnceEach(engine.getHistoryService());
            engine.close();
            assertThat(Stage.sessions(stage.first, "flowable")).isZero();
        } finally {
            endDataSources();
        }
    }

    /** As its script would be run on the target of an upgrade; what the engine writes by itself comes by replication. */
    private void makeSchemaOn(Stage stage) throws SQLException {
        engine(stage.plainUrl(stage.second), false).close();
        stage.second.execute(Stage.DATABASE, """
                DO $$ BEGIN
                  EXECUTE (SELECT 'TRUNCATE ' || string_agg(format('%I', tablename), ', ')
                           FROM pg_tables WHERE schemaname = 'public');
                END $$
                """);
    }

    private ProcessEngine engine(String url, boolean executing) {
        StandaloneProcessEngineConfiguration configuration = new StandaloneProcessEngineConfiguration();
        configuration.setJdbcDriver(executing ? RegistryDriver.class.getName() : org.postgresql.Driver.class.getName());
        configuration.setJdbcUrl(url);
        configuration.setJdbcUsername("");
        configuration.setDatabaseSchemaUpdate("true");
        configuration.setAsyncExecutorActivate(executing);
        configuration.setHistoryLevel(HistoryLevel.FULL);
        JavaDelegate job = execution -> executed.merge(execution.getProcessInstanceBusinessKey(), 1, Integer::sum);
        configuration.setBeans(Map.of("job", job));
        ProcessEngine engine = configuration.buildProcessEngine();
        engine.getRuntimeService()
                .addEventListener(
                        new Failures(),
                        FlowableEngineEventType.JOB_EXECUTION_FAILURE,
                        FlowableEngineEventType.JOB_RETRIES_DECREMENTED);
        return engine;
    }

    private void startProcesses(ProcessEngine engine) {
        for (int number = 1; !ending; number++) {
            String key = "order-" + number;
            try {
                engine.getRuntimeService().startProcessInstanceByKey("order", key);
                started.add(key);
            } catch (RuntimeException e) {
                failures.add(e);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private void awaitMore() {
        int wanted = executed.size() + PROCESSES_PER_STEP;
        await().atMost(Duration.ofSeconds(60)).until(() -> executed.size() >= wanted || !failures.isEmpty());
    }

    private void requireOnceEach(HistoryService history) {
        assertThat(failures).isEmpty();
        await().atMost(Duration.ofSeconds(60))
                .until(() -> history.createHistoricProcessInstanceQuery()
                                .unfinished()
                                .count()
                        == 0);
        assertThat(failures).isEmpty();
        assertThat(executed.keySet()).isEqualTo(started);
        assertThat(executed.values()).containsOnly(1);
        assertThat(history.createHistoricProcessInstanceQuery().finished().count())
                .isEqualTo(started.size());
        assertThat(history.createHistoricActivityInstanceQuery()
                        .activityId("job")
                        .finished()
                        .count())
                .isEqualTo(started.size());
    }

    private static void endDataSources() throws SQLException {
        DriverManager.deregisterDriver(DriverManager.drivers()
                .filter(RegistryDriver.class::isInstance)
                .findFirst()
                .orElseThrow());
        RegistryDriver.register(); // for other tests of this process
    }

    /** Jobs that failed, even if a later try did it. */
    private final class Failures implements FlowableEventListener {
        @Override
        public void onEvent(FlowableEvent event) {
            failures.add(event);
        }

        @Override
        public boolean isFailOnException() {
            return false;
        }

        @Override
        public boolean isFireOnTransactionLifecycleEvent() {
            return false;
        }

        @Override
        public String getOnTransaction() {
            return "";
        }
    }
}
