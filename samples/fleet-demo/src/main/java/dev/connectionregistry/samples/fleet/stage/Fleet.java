package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent;
import dev.connectionregistry.samples.fleet.instance.InstanceMain;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The processes of all services. Closed by the {@link Cleanup} it was made with. */
public final class Fleet {
    private static final Duration STOP_TIMEOUT = Duration.ofSeconds(30);

    private final List<FleetProcess> processes = new ArrayList<>();

    /**
     * How big the fleet is and how hard it works.
     *
     * @param services their names
     * @param instances of each service
     * @param threads of each instance
     * @param rate pieces of work a second, of each instance
     * @param mustFind whether a read that doesn't find a row acknowledged before is a failure
     * @param shop whether they are those of the {@link Shop}, which have names of their own and use all of its tables, or use two
     */
    public record Size(List<String> services, int instances, int threads, int rate, boolean mustFind, boolean shop) {
        /** Copies the names. */
        public Size {
            services = List.copyOf(services);
        }

        /** The whole fleet's. */
        public int processes() {
            return services.size() * instances;
        }
    }

    private Fleet() {}

    /**
     * Starts the processes; they begin to work as soon as each is ready.
     *
     * @param events told of each event, from a thread for each process
     */
    public static Fleet start(Size size, Stage stage, Cleanup cleanup, BiConsumer<String, InstanceEvent> events) {
        Map<String, String> environment = new HashMap<>(stage.registryEnvironment());
        environment.putAll(stage.passwordEnvironment());
        environment.put(InstanceMain.THREADS, Integer.toString(size.threads()));
        environment.put(InstanceMain.RATE, Integer.toString(size.rate()));
        environment.put(InstanceMain.READS, size.mustFind() ? "MUST_FIND" : "MAY_MISS");
        environment.put(InstanceMain.ROUND, size.shop() ? "SHOP" : "TWO_TABLES");
        Fleet fleet = new Fleet();
        for (int number = 1; number <= size.instances(); number++) {
            for (String service : size.services()) {
                Map<String, String> own = new HashMap<>(environment);
                String name = size.shop() ? Shop.nameOf(service) : Stage.DATABASE;
                own.put("REGISTRY_DATABASE", name);
                if (name.equals(Shop.READER)) {
                    own.put(InstanceMain.READS, "MAY_MISS");
                    own.put(InstanceMain.ROUND, "LOOKS");
                }
                fleet.processes.add(cleanup.add(
                        FleetProcess.start(service, Integer.toString(number), own, stage.scratchFolder(), events)));
            }
        }
        return fleet;
    }

    /**
     * Fails if one has ended.
     *
     * @throws DemoException with the end of its log
     */
    public void checkAlive() {
        for (FleetProcess process : processes) {
            if (!process.isAlive()) {
                throw new DemoException(process.name() + " has ended by itself; its log ends:\n" + process.logTail());
            }
        }
    }

    /**
     * Ends the load and the processes, in an orderly way.
     *
     * @throws DemoException if one does not end so
     */
    public void stop() throws InterruptedException {
        processes.forEach(FleetProcess::askToStop);
        for (FleetProcess process : processes) {
            process.awaitEnd(STOP_TIMEOUT);
        }
    }
}
