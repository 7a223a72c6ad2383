package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent;
import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Status;
import dev.connectionregistry.samples.fleet.show.Screen;
import dev.connectionregistry.samples.fleet.stage.Fleet;
import dev.connectionregistry.samples.fleet.stage.Rows;
import dev.connectionregistry.samples.fleet.stage.Scenery;
import dev.connectionregistry.samples.fleet.stage.SpringOrders;
import dev.connectionregistry.samples.fleet.stage.Stage;
import dev.connectionregistry.settings.Endpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A packaged Spring Boot application under HTTP load: moved to another name of its server and back, then cut over to the target and
 * back. It ends where it began, so every acknowledged order must be there.
 */
final class SpringScenario implements Scenario {
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    /** Another name of the server that {@link Stage#sourceEndpoint} names by its address. */
    private static final String OTHER_HOST = "localhost";

    @Override
    public boolean mustFind() {
        return true;
    }

    @Override
    public void requireBuilt(Path home) {
        SpringOrders.requireBuilt(home);
    }

    @Override
    public void heard(Screen screen, String instance, InstanceEvent event) {
        if (event instanceof Status status) {
            screen.line("  the actuator of " + instance + ": " + status.state() + ", version " + status.version()
                    + ", port " + status.port());
        }
    }

    @Override
    public Scenery scenery() {
        return SpringOrders.scenery();
    }

    @Override
    public Fleet.Size size(DemoOptions options) {
        return options.size(List.of(SpringOrders.SERVICE), 1, mustFind(), Fleet.Program.SPRING_ORDERS);
    }

    @Override
    public boolean play(Demo demo, DemoOptions options) throws InterruptedException {
        Load load = Load.warmUp(demo, options.measured());
        UpgradeStory story = new UpgradeStory(demo, load, List.of(Stage.DATABASE));
        ThereAndBack played;
        try (load) {
            load.before("before the moves");
            Endpoint source = story.source();
            move(load, new Endpoint(OTHER_HOST, source.port(), source.databaseName()));
            move(load, source);
            played = operate(story, demo, load);
            load.phase("after the moves");
            load.after();
        }
        return played.judged(
                demo,
                load,
                "A Spring Boot application is moved and cut over under HTTP load, there and back",
                options.report(demo.home(), "spring"),
                Rows::ofSpringOrders,
                (findings, wayBack) -> Optional.empty());
    }

    private static void move(Load load, Endpoint endpoint) throws InterruptedException {
        load.phase("a move to " + endpoint.host() + ", which is the same server");
        load.command("set-endpoint", Stage.DATABASE, endpoint.toString(), "--poll-interval", "1s", "--wait");
    }

    private static ThereAndBack operate(UpgradeStory story, Demo demo, Load load) throws InterruptedException {
        load.phase("the application's migrations make the tables on the target");
        demo.typed("as " + Stage.OWNER + " on " + demo.stage().target() + ": the migrations of samples/spring-orders,"
                + " without their rows");
        SpringOrders.migrateTarget(demo.stage(), demo.home());
        story.replicate();
        UpgradeStory.Leg there = story.cutOver(story.target(), "demo");
        load.pause(BETWEEN);
        story.liftFences(demo.stage().source());
        UpgradeStory.Leg back = story.cutOver(story.source(), "the way back");
        load.pause(BETWEEN);
        int verified = story.equalTables(story.target());
        return new ThereAndBack(there, back, verified, story.stop(), story.surprises());
    }
}
