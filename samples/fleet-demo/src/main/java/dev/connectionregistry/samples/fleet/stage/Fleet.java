package dev.connectionregistry.samples.fleet.stage;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.samples.fleet.DemoException;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent;
import dev.connectionregistry.samples.fleet.instance.InstanceMain;
import dev.connectionregistry.samples.fleet.instance.SpringMain;
import java.nio.file.Path;
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
     * @param program what each instance runs
     */
    public record Size(List<String> services, int instances, int threads, int rate, boolean mustFind, Program program) {
        /** Copies the names. */
        public Size {
            services = List.copyOf(services);
        }

        /** The whole fleet's. */
        public int processes() {
            return services.size() * instances;
        }
    }

    /** What an instance runs. */
    public enum Program {
        /** The demo's own service, which uses two tables. */
        TWO_TABLES,
        /** Those of the {@link Shop}, which have names of their own and use all of its tables. */
        SHOP,
        /** The packaged application of {@code samples/spring-orders}. */
        SPRING_ORDERS
    }

    private Fleet() {}

    /**
     * Starts the processes; they begin to work as soon as each is ready.
     *
     * @param home the project's root folder
     * @param events told of each event, from a thread for each process
     */
    public static Fleet start(
            Size size, Path home, Stage stage, Cleanup cleanup, BiConsumer<String, InstanceEvent> events) {
        Map<String, String> environment = new HashMap<>(stage.registryEnvironment());
        environment.putAll(stage.passwordEnvironment());
        environment.put(InstanceMain.THREADS, Integer.toString(size.threads()));
        environment.put(InstanceMain.RATE, Integer.toString(size.rate()));
        environment.put(InstanceMain.READS, size.mustFind() ? "MUST_FIND" : "MAY_MISS");
        boolean shop = size.program() == Program.SHOP;
        environment.put(InstanceMain.ROUND, shop ? "SHOP" : "TWO_TABLES");
        boolean spring = size.program() == Program.SPRING_ORDERS;
        if (spring) {
            environment.put(SpringMain.JAR, SpringOrders.jar(home).toString());
            environment.putAll(stage.ownerPasswordEnvironment());
        }
        Fleet fleet = new Fleet();
        for (int number = 1; number <= size.instances(); number++) {
            for (String service : size.services()) {
                Map<String, String> own = new HashMap<>(environment);
                String name = shop ? Shop.nameOf(service) : Stage.DATABASE;
                own.put("REGISTRY_DATABASE", name);
                if (name.equals(Shop.READER)) {
                    own.put(InstanceMain.READS, "MAY_MISS");
                    own.put(InstanceMain.ROUND, "LOOKS");
                }
                if (spring) {
                    Path snapshot = stage.scratchFolder().resolve(service + "-" + number + ".json");
                    own.put(SpringOrders.SNAPSHOT, snapshot.toString());
                }
                fleet.processes.add(cleanup.add(FleetProcess.start(
                        spring ? SpringMain.class : InstanceMain.class,
                        service,
                        Integer.toString(number),
                        own,
                        stage.scratchFolder(),
                        events)));
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
