package dev.connectionregistry.admin.fleet;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Durations;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * The health of the fleets of many databases: one query for each database, a few at a time, all of them within a bound.
 * Thread-safe.
 */
public final class FleetHealth {
    /** For all databases together. */
    private static final Duration BOUND = Duration.ofSeconds(10);

    private static final int AT_ONCE = 8;

    private final FleetWatcher watcher;

    @Inject
    public FleetHealth(FleetWatcher watcher) {
        this.watcher = watcher;
    }

    /**
     * The health of one fleet.
     *
     * @param live instances that are taken to be running
     * @param troubled how many of these can't open connections, reject the settings, or ignore the table
     * @param silent instances that were not heard of lately and did not report that they stop
     * @param unreadable reports that can't be read
     * @param unknown why nothing is known; empty if it is
     */
    public record Health(int live, int troubled, int silent, int unreadable, Optional<String> unknown) {
        private static Health of(FleetSnapshot fleet) {
            return new Health(
                    fleet.live().size(),
                    (int) fleet.live().stream().filter(Health::isTroubled).count(),
                    fleet.silent().size(),
                    fleet.unreadable().size(),
                    Optional.empty());
        }

        private static Health unknown(String why) {
            return new Health(0, 0, 0, 0, Optional.of(why));
        }

        private static boolean isTroubled(FleetMember member) {
            return member.failing() || member.ahead() || member.report().state() == InstanceState.REJECTED;
        }

        /**
         * Whether an operator should look at this fleet: instances run with a problem, or nothing is known about it.
         */
        public boolean needsALook() {
            return troubled > 0 || silent > 0 || unreadable > 0 || unknown.isPresent();
        }
    }

    /**
     * A look at one fleet.
     *
     * @param fleet who is there; nobody if nothing is known
     * @param unknown why nothing is known; empty if it is
     */
    public record Look(FleetSnapshot fleet, Optional<String> unknown) {
        private static Look unknown(String why) {
            return new Look(new FleetSnapshot(FleetGoal.active(0), List.of()), Optional.of(why));
        }

        /** The health of the fleet. */
        public Health health() {
            return unknown.map(Health::unknown).orElseGet(() -> Health.of(fleet));
        }
    }

    /** The fleet of each database; one that can't be looked at in time is unknown. */
    public Map<DatabaseName, Health> of(List<DatabaseName> databases) {
        Map<DatabaseName, Health> all = new LinkedHashMap<>();
        looks(databases).forEach((database, look) -> all.put(database, look.health()));
        return all;
    }

    /** Who is in the fleet of each database. */
    public Map<DatabaseName, Look> looks(List<DatabaseName> databases) {
        Map<DatabaseName, Look> all = new LinkedHashMap<>();
        if (databases.isEmpty()) {
            return all;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(AT_ONCE, databases.size()), task -> {
            Thread thread = new Thread(task, "registry-admin-fleet-health");
            thread.setDaemon(true);
            return thread;
        });
        try {
            List<Callable<Look>> looks = new ArrayList<>();
            databases.forEach(each -> looks.add(() -> look(each)));
            List<Future<Look>> futures = threads.invokeAll(looks, BOUND.toMillis(), TimeUnit.MILLISECONDS);
            for (int index = 0; index < futures.size(); index++) {
                all.put(databases.get(index), outcome(futures.get(index)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            databases.forEach(each -> all.putIfAbsent(each, Look.unknown("interrupted")));
        } finally {
            threads.shutdownNow();
        }
        return all;
    }

    private Look look(DatabaseName database) {
        try {
            return new Look(watcher.once(database, FleetGoal.active(0)), Optional.empty());
        } catch (RegistryException e) {
            return Look.unknown(String.valueOf(e.getMessage()));
        }
    }

    private static Look outcome(Future<Look> look) throws InterruptedException {
        try {
            return look.get();
        } catch (CancellationException e) {
            return Look.unknown("the reports were not read within " + Durations.text(BOUND));
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }
}
