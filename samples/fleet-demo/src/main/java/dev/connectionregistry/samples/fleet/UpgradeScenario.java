package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.UpgradeFacts;
import dev.connectionregistry.samples.fleet.show.Report.WayBack;
import dev.connectionregistry.samples.fleet.stage.CommitTimes;
import dev.connectionregistry.samples.fleet.stage.Fleet;
import dev.connectionregistry.samples.fleet.stage.Rows;
import dev.connectionregistry.samples.fleet.stage.Scenery;
import dev.connectionregistry.samples.fleet.stage.Shop;
import dev.connectionregistry.samples.fleet.stage.Stage;
import dev.connectionregistry.settings.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The upgrade of a whole server, which has two databases, three names and a name on a standby: everything from the first look at two
 * servers to the cutover, and the way back, under load all the time. The fleet ends where it began, so every acknowledged row must be there.
 */
final class UpgradeScenario implements Scenario {
    private static final Duration BETWEEN = Duration.ofSeconds(2);

    private static final List<String> NAMES = List.of(Stage.DATABASE, Shop.BILLING, Shop.REPORTS, Shop.READER);

    @Override
    public boolean mustFind() {
        return true;
    }

    @Override
    public Scenery scenery() {
        return Shop.scenery();
    }

    @Override
    public Map<String, Endpoint> names(Stage stage) {
        Endpoint orders = stage.sourceEndpoint();
        return new TreeMap<>(Map.of(
                Stage.DATABASE,
                orders,
                Shop.REPORTS,
                orders,
                Shop.BILLING,
                new Endpoint(orders.host(), orders.port(), Shop.BILLING),
                Shop.READER,
                stage.standbyOf(orders)));
    }

    @Override
    public Fleet.Size size(DemoOptions options) {
        return options.size(Shop.services(), 1, mustFind(), Fleet.Program.SHOP);
    }

    @Override
    public boolean play(Demo demo, DemoOptions options) throws InterruptedException {
        Load load = Load.warmUp(demo, options.measured());
        UpgradeStory story = new UpgradeStory(demo, load, NAMES);
        ThereAndBack played;
        List<String> refusals;
        try (load) {
            load.pause(BETWEEN);
            played = operate(story, demo, load);
            refusals = story.refusals();
            load.phase("after the upgrade");
            load.after();
        }
        return played.judged(
                demo,
                load,
                "A Postgres with two databases and a standby is upgraded under the load of "
                        + demo.recorder().instances() + " services",
                options.report(demo.home(), "upgrade"),
                Rows::ofShop,
                (findings, wayBack) -> Optional.of(writes(demo, findings, wayBack, refusals)));
    }

    private static ThereAndBack operate(UpgradeStory story, Demo demo, Load load) throws InterruptedException {
        story.preflight();
        story.replicate();
        story.verify(story.target());
        story.analyze();
        story.rehearse();
        load.pause(BETWEEN);
        UpgradeStory.Leg there = story.cutOver(story.target(), "upgrade");
        story.verify(story.source());
        story.liftFences(demo.stage().source());
        UpgradeStory.Leg back = story.cutOver(story.source(), "the way back");
        story.verify(story.target());
        int verified = story.equalTables(story.target());
        return new ThereAndBack(there, back, verified, story.stop(), story.surprises());
    }

    private static UpgradeFacts.Writes writes(
            Demo demo, Findings findings, Optional<WayBack> wayBack, List<String> refusals) {
        CommitTimes.ThereAndBack found = CommitTimes.ofShop(demo.stage());
        long from = findings.write().orElse(Long.MAX_VALUE);
        long to = wayBack.map(WayBack::writeMicros).orElse(Long.MAX_VALUE);
        long checkedOut = findings.work().stream()
                .filter(done -> done.work() == Work.CHECKOUT && !done.failed())
                .count();
        return new UpgradeFacts.Writes(
                found.onTarget().size(),
                found.onSourceMeanwhile().size(),
                found.onTarget().stream().filter(at -> at < from || at > to).count(),
                found.numbersTwice(),
                checkedOut,
                found.taken(),
                refusals);
    }
}
