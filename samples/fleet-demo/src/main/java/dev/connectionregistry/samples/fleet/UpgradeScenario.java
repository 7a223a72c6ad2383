package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Work;
import dev.connectionregistry.samples.fleet.measure.Moves;
import dev.connectionregistry.samples.fleet.measure.RowCount;
import dev.connectionregistry.samples.fleet.measure.UpgradeFacts;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import dev.connectionregistry.samples.fleet.show.HoldBars;
import dev.connectionregistry.samples.fleet.show.HoldView;
import dev.connectionregistry.samples.fleet.show.Report.WayBack;
import dev.connectionregistry.samples.fleet.stage.CommitTimes;
import dev.connectionregistry.samples.fleet.stage.EndpointWrite;
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
    /** As in the cutover alone. */
    private static final Duration ALLOWED = Duration.ofSeconds(2);

    private static final Duration BETWEEN = Duration.ofSeconds(2);

    /** What the operator's part came to. */
    private record Played(
            UpgradeStory.Leg there,
            UpgradeStory.Leg back,
            int verified,
            long leftovers,
            List<String> refusals,
            List<String> surprises) {}

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
        return options.size(Shop.services(), 1, mustFind(), true);
    }

    @Override
    public boolean play(Demo demo, DemoOptions options) throws InterruptedException {
        Load load = Load.warmUp(demo, options.measured());
        Played played;
        try (load) {
            load.pause(BETWEEN);
            played = operate(new UpgradeStory(demo, load), demo, load);
            load.phase("after the upgrade");
            load.after();
        }
        return judged(demo, options, load, played);
    }

    private static Played operate(UpgradeStory story, Demo demo, Load load) throws InterruptedException {
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
        long leftovers = story.stop();
        return new Played(there, back, verified, leftovers, story.refusals(), story.surprises());
    }

    private static boolean judged(Demo demo, DemoOptions options, Load load, Played played) {
        demo.heading("Where the hold's time went");
        bars(demo, played.there());
        demo.heading("Where it went on the way back");
        bars(demo, played.back());
        Findings findings = Findings.of(demo, load);
        demo.screen().line("  reading every row from the server where the fleet is");
        Optional<WayBack> wayBack = EndpointWrite.backMicros(demo.stage())
                .map(at -> new WayBack(at, Moves.backOf(demo.recorder().statuses(), targetPort(demo))));
        RowCount rows = RowCount.of(findings.work(), Rows.ofShop(demo.stage()));
        Verdict verdict = findings.verdict(rows, ALLOWED).with(facts(demo, findings, wayBack, played));
        findings.tell(
                verdict,
                "A Postgres with two databases and a standby is upgraded under the load of "
                        + demo.recorder().instances() + " services",
                hold(demo, findings, played),
                wayBack,
                options.report(demo.home(), "upgrade"));
        return verdict.passed();
    }

    private static void bars(Demo demo, UpgradeStory.Leg leg) {
        HoldBars.lines(leg.steps().holdAndRelease(), demo.screen().terminal()).forEach(demo.screen()::line);
    }

    private static int targetPort(Demo demo) {
        return demo.stage().targetEndpoint().port();
    }

    private static Optional<HoldView> hold(Demo demo, Findings findings, Played played) {
        return HoldView.of(
                played.there().steps(),
                played.there().holdMillis(),
                findings.work(),
                demo.recorder().statuses(),
                targetPort(demo));
    }

    private static UpgradeFacts facts(Demo demo, Findings findings, Optional<WayBack> wayBack, Played played) {
        long moved = findings.write().map(findings.moves()::lastAfter).orElse(-1L);
        long came =
                wayBack.map(back -> back.moves().lastAfter(back.writeMicros())).orElse(-1L);
        return new UpgradeFacts(
                new UpgradeFacts.Leg(played.there().holdMillis(), moved),
                new UpgradeFacts.Leg(played.back().holdMillis(), came),
                ALLOWED.toNanos() / 1_000,
                played.verified(),
                played.leftovers(),
                writes(demo, findings, wayBack, played.refusals()),
                played.surprises());
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
