package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.local.Cleanup;
import dev.connectionregistry.samples.fleet.instance.AnchoredClock;
import dev.connectionregistry.samples.fleet.measure.Recorder;
import dev.connectionregistry.samples.fleet.show.Line;
import dev.connectionregistry.samples.fleet.show.Screen;
import dev.connectionregistry.samples.fleet.show.Style;
import dev.connectionregistry.samples.fleet.stage.Fleet;
import dev.connectionregistry.samples.fleet.stage.OperatorShell;
import dev.connectionregistry.samples.fleet.stage.Shop;
import dev.connectionregistry.samples.fleet.stage.Stage;
import dev.connectionregistry.settings.Endpoint;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;

/**
 * What every scenario begins with: servers, a registry with the fleet's settings in it, the fleet at work.
 *
 * @param home the project's root folder
 * @param screen what the user sees
 * @param cleanup ends all of it
 * @param clock the demo's own
 * @param stage the servers
 * @param shell the operator's
 * @param recorder what the fleet told
 * @param fleet at work
 */
record Demo(
        Path home,
        Screen screen,
        Cleanup cleanup,
        AnchoredClock clock,
        Stage stage,
        OperatorShell shell,
        Recorder recorder,
        Fleet fleet) {

    /** The poll interval outside the move. Short, so that the demo is. */
    static final String NORMAL_INTERVAL = "3s";

    private static final Duration READY_TIMEOUT = Duration.ofSeconds(60);

    /**
     * Starts everything and waits until every instance is at work.
     *
     * @throws DemoException if something cannot be started
     */
    static Demo open(Scenario scenario, Fleet.Size size, Screen screen, Cleanup cleanup) throws InterruptedException {
        Path home = Path.of(System.getProperty("demo.home", "")).toAbsolutePath();
        OperatorShell.requireBuilt(home);
        scenario.requireBuilt(home);
        AnchoredClock clock = new AnchoredClock();
        heading(screen, "Starting");
        Stage stage = Stage.open(scenario.scenery(), cleanup, what -> ready(screen, what));
        OperatorShell shell = new OperatorShell(
                home, stage.operatorFolder(), stage.operatorEnvironment(), cleanup, clock, text -> typed(screen, text));
        shell.require("init");
        for (Map.Entry<String, Endpoint> name : scenario.names(stage).entrySet()) {
            register(shell, name.getKey(), name.getValue());
        }
        screen.line("  starting " + size.processes() + " processes, " + size.threads() + " threads and " + size.rate()
                + " pieces of work a second each");
        Recorder recorder = new Recorder();
        Fleet fleet = Fleet.start(size, home, stage, cleanup, (name, event) -> {
            recorder.add(name, event.onPort(stage::primaryPort));
            scenario.heard(screen, name, event);
        });
        awaitReady(size, fleet, recorder, screen);
        return new Demo(home, screen, cleanup, clock, stage, shell, recorder, fleet);
    }

    private static void register(OperatorShell shell, String name, Endpoint endpoint) throws InterruptedException {
        shell.require(("add " + name + " --endpoint " + endpoint + " --username " + Stage.ROLE + " --password-ref env:"
                        + Stage.PASSWORD_VARIABLE + " --maximum-size 4 --poll-interval " + NORMAL_INTERVAL
                        + (name.equals(Shop.READER) ? " --role any" : ""))
                .split(" ", -1));
    }

    private static void awaitReady(Fleet.Size size, Fleet fleet, Recorder recorder, Screen screen)
            throws InterruptedException {
        long deadline = System.nanoTime() + READY_TIMEOUT.toNanos();
        for (int told = 0; told < size.processes(); ) {
            fleet.checkAlive();
            if (recorder.instances() > told) {
                told = recorder.instances();
                ready(screen, told + " of " + size.processes() + " processes at work");
            } else if (System.nanoTime() > deadline) {
                throw new DemoException("only " + told + " of " + size.processes() + " processes were ready after "
                        + READY_TIMEOUT.toSeconds() + " s; is this machine very busy? Try --instances 1");
            } else {
                Thread.sleep(50);
            }
        }
    }

    /** A title that stays on the screen. */
    void heading(String text) {
        heading(screen, text);
    }

    private static void heading(Screen screen, String text) {
        screen.line("");
        screen.line(new Line().add(text, Style.BOLD));
    }

    private static void ready(Screen screen, String what) {
        long millis = System.currentTimeMillis()
                - ManagementFactory.getRuntimeMXBean().getStartTime();
        screen.line(String.format(Locale.ROOT, "  %5.1f s  %s", millis / 1_000.0, what));
    }

    /** What the operator types, or what comes of it. */
    void typed(String text) {
        typed(screen, text);
    }

    private static void typed(Screen screen, String text) {
        screen.line(new Line().add(text, text.startsWith("$ ") ? Style.BOLD : Style.PLAIN));
    }
}
