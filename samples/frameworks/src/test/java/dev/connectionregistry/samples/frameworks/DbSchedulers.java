package dev.connectionregistry.samples.frameworks;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;

/** db-scheduler. */
final class DbSchedulers extends JobQueue {
    private final List<Scheduler> schedulers = new ArrayList<>();
    private final List<OneTimeTask<Void>> tasks = new ArrayList<>();

    DbSchedulers(List<DataSource> instances) {
        super("db-scheduler", 20, instances);
        for (DataSource each : instances) {
            OneTimeTask<Void> task = Tasks.oneTime("insert").execute((instance, context) -> {
                try {
                    work(each, instance.getId());
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            tasks.add(task);
            Scheduler scheduler = Scheduler.create(each, task)
                    .schedulerName(new SchedulerName.Fixed("instance-" + schedulers.size()))
                    .threads(3)
                    .pollingInterval(Duration.ofMillis(200))
                    .heartbeatInterval(Duration.ofSeconds(1))
                    .addSchedulerListener(new Failures())
                    .build();
            schedulers.add(scheduler);
            scheduler.start();
        }
    }

    @Override
    void give(String id) {
        int instance = Math.floorMod(id.hashCode(), schedulers.size());
        schedulers.get(instance).schedule(tasks.get(instance).instance(id), Instant.now());
    }

    @Override
    void end() {
        schedulers.forEach(Scheduler::stop);
    }

    private final class Failures extends AbstractSchedulerListener {
        /** A heartbeat "fails" if it finds no row, as that of a job that has just ended; what throws is an unexpected error. */
        private static final Set<SchedulerEventType> NORMAL = EnumSet.of(
                SchedulerEventType.FAILED_HEARTBEAT,
                SchedulerEventType.RAN_UPDATE_HEARTBEATS,
                SchedulerEventType.RAN_DETECT_DEAD,
                SchedulerEventType.RAN_EXECUTE_DUE);

        @Override
        public void onExecutionComplete(ExecutionComplete completed) {
            completed.getCause().ifPresent(DbSchedulers.this::failed);
        }

        @Override
        public void onSchedulerEvent(SchedulerEventType event) {
            if (!NORMAL.contains(event)) {
                failed(new IllegalStateException(event.name()));
            }
        }
    }
}
