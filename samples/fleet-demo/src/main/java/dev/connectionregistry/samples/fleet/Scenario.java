package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent;
import dev.connectionregistry.samples.fleet.show.Screen;
import dev.connectionregistry.samples.fleet.show.Terminal;
import dev.connectionregistry.samples.fleet.stage.Fleet;
import dev.connectionregistry.samples.fleet.stage.Scenery;
import dev.connectionregistry.samples.fleet.stage.Stage;
import dev.connectionregistry.settings.Endpoint;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** One way to move the fleet. */
interface Scenario {
    /** Whether a worker's own acknowledged row must be found at any time. */
    boolean mustFind();

    /**
     * Looks for what it runs besides the demo, before anything is started.
     *
     * @throws DemoException if that is not built
     */
    default void requireBuilt(Path home) {}

    /** Shows something of an event of an instance, from the thread that reads it. */
    default void heard(Screen screen, String instance, InstanceEvent event) {}

    /** What the servers are furnished with. */
    default Scenery scenery() {
        return Scenery.twoTables();
    }

    /** The names in the registry, and where they are in the beginning. */
    default Map<String, Endpoint> names(Stage stage) {
        return Map.of(Stage.DATABASE, stage.sourceEndpoint());
    }

    /** How big the fleet is. */
    default Fleet.Size size(DemoOptions options) {
        return options.size(List.of("checkout", "billing"), 3, mustFind(), Fleet.Program.TWO_TABLES);
    }

    /** Plays it on a fleet at work; says whether the verdict is good. */
    boolean play(Demo demo, DemoOptions options) throws InterruptedException;

    /**
     * Starts everything, plays a scenario, and ends everything.
     *
     * @return whether the verdict is good
     * @throws DemoException if something cannot be started, or the demo cannot go on
     */
    static boolean run(Scenario scenario, DemoOptions options) throws InterruptedException {
        Terminal terminal = Terminal.detect(Boolean.getBoolean("demo.terminal"), options.noColor(), System.getenv());
        Screen screen = new Screen(terminal);
        Cleanup cleanup = new Cleanup();
        Interruption interruption = Interruption.watch(screen, cleanup);
        try (cleanup) {
            return scenario.play(Demo.open(scenario, scenario.size(options), screen, cleanup), options);
        } catch (RuntimeException e) {
            interruption.awaitEndIfHappened();
            throw e;
        }
    }
}
