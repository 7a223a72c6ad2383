package dev.connectionregistry.samples.frameworks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.mappers.JobMapper;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.server.JobActivator;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.utils.mapper.JsonMapper;
import org.jobrunr.utils.mapper.jackson.JacksonJsonMapper;

/** JobRunr with two background servers. */
final class JobRunrServers extends JobQueue {
    private final List<BackgroundJobServer> servers = new ArrayList<>();
    private final JobRequestScheduler scheduler;

    JobRunrServers(List<DataSource> instances) {
        super("JobRunr", 500, instances);
        for (DataSource each : instances) {
            JsonMapper json = new JacksonJsonMapper();
            StorageProvider storage = new PostgresStorageProvider(each);
            storage.setJobMapper(new JobMapper(json));
            BackgroundJobServer server = new BackgroundJobServer(
                    storage,
                    json,
                    activator(new Handler(this, each)),
                    BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                            .andPollInterval(Duration.ofSeconds(5))
                            .andWorkerCount(3));
            servers.add(server);
            server.start();
        }
        scheduler = new JobRequestScheduler(servers.get(0).getStorageProvider());
    }

    private static JobActivator activator(Handler handler) {
        return new JobActivator() {
            @Override
            public <T> T activateJob(Class<T> type) {
                return type.cast(handler);
            }
        };
    }

    @Override
    void give(String id) {
        scheduler.enqueue(new Insert(id));
    }

    /** It looks for work only every 5 s, the least that it allows; so it works through several moves at once. */
    @Override
    void awaitMore(int pieces) {}

    @Override
    void end() {
        servers.forEach(BackgroundJobServer::stop);
    }

    /** The job. */
    public record Insert(String id) implements JobRequest {
        @Override
        public Class<Handler> getJobRequestHandler() {
            return Handler.class;
        }
    }

    /** What carries it out. */
    public record Handler(JobQueue queue, DataSource dataSource) implements JobRequestHandler<Insert> {
        @Override
        public void run(Insert insert) throws Exception {
            queue.work(dataSource, insert.id());
        }
    }
}
