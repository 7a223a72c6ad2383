package dev.connectionregistry.samples.frameworks;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import javax.sql.DataSource;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.TriggerBuilder;
import org.quartz.impl.SchedulerRepository;
import org.quartz.impl.StdSchedulerFactory;
import org.quartz.listeners.SchedulerListenerSupport;
import org.quartz.utils.ConnectionProvider;
import org.quartz.utils.DBConnectionManager;

/** Quartz with a clustered JDBC job store. */
final class QuartzCluster extends JobQueue {
    private static final String NAME = "quartz";

    private final List<Scheduler> schedulers = new ArrayList<>();

    QuartzCluster(List<DataSource> instances) throws SchedulerException {
        super(NAME, 20, instances);
        for (DataSource each : instances) {
            schedulers.add(scheduler(each));
        }
    }

    private Scheduler scheduler(DataSource dataSource) throws SchedulerException {
        String instance = NAME + "-" + schedulers.size();
        DBConnectionManager.getInstance().addConnectionProvider(instance, new Connections(dataSource));
        Properties properties = new Properties();
        properties.put("org.quartz.scheduler.instanceName", NAME);
        properties.put("org.quartz.scheduler.instanceId", instance);
        properties.put("org.quartz.scheduler.idleWaitTime", "1000");
        properties.put("org.quartz.threadPool.threadCount", "3");
        properties.put("org.quartz.jobStore.class", "org.quartz.impl.jdbcjobstore.JobStoreTX");
        properties.put("org.quartz.jobStore.driverDelegateClass", "org.quartz.impl.jdbcjobstore.PostgreSQLDelegate");
        properties.put("org.quartz.jobStore.dataSource", instance);
        properties.put("org.quartz.jobStore.isClustered", "true");
        // or an instance may read a trigger whose job the other one has just run and removed
        properties.put("org.quartz.jobStore.acquireTriggersWithinLock", "true");
        properties.put("org.quartz.jobStore.clusterCheckinInterval", "1000");
        Scheduler scheduler = new StdSchedulerFactory(properties).getScheduler();
        // or the second instance of this process would be the first
        SchedulerRepository.getInstance().remove(NAME);
        scheduler.getContext().put(Insert.FOR, (Insert.Work) id -> work(dataSource, id));
        scheduler.getListenerManager().addSchedulerListener(new SchedulerListenerSupport() {
            @Override
            public void schedulerError(String message, SchedulerException cause) {
                failed(cause);
            }
        });
        scheduler.start();
        return scheduler;
    }

    @Override
    void give(String id) throws SchedulerException {
        schedulers
                .get(Math.floorMod(id.hashCode(), schedulers.size()))
                .scheduleJob(
                        JobBuilder.newJob(Insert.class).withIdentity(id).build(),
                        TriggerBuilder.newTrigger().withIdentity(id).startNow().build());
    }

    @Override
    void end() throws SchedulerException {
        for (Scheduler each : schedulers) {
            each.shutdown(true);
        }
    }

    /** The job; public, since Quartz makes it. */
    public static final class Insert implements Job {
        private static final String FOR = "work";

        @FunctionalInterface
        private interface Work {
            void on(String id) throws SQLException;
        }

        @Override
        public void execute(JobExecutionContext context) throws JobExecutionException {
            try {
                Work work = (Work) Objects.requireNonNull(
                        context.getScheduler().getContext().get(FOR));
                work.on(context.getJobDetail().getKey().getName());
            } catch (SchedulerException | SQLException e) {
                throw new JobExecutionException(e);
            }
        }
    }

    private record Connections(DataSource dataSource) implements ConnectionProvider {
        @Override
        public Connection getConnection() throws SQLException {
            return dataSource.getConnection();
        }

        @Override
        public void initialize() {}

        @Override
        public void shutdown() {}
    }
}
