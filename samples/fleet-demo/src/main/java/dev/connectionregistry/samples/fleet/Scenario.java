package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.samples.fleet.show.Screen;
import dev.connectionregistry.samples.fleet.show.Terminal;
import dev.connectionregistry.samples.fleet.stage.Fleet;

/** One way to move the fleet. */
interface Scenario {
    /** Whether a worker's own acknowledged row must be found at any time. */
    boolean mustFind();

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
            Fleet.Size size = options.size(scenario.mustFind());
            return scenario.play(Demo.open(size, screen, cleanup), options);
        } catch (RuntimeException e) {
            interruption.awaitEndIfHappened();
            throw e;
        }
    }
}
