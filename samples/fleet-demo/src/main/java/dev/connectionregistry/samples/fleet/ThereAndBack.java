package dev.connectionregistry.samples.fleet;

import dev.connectionregistry.samples.fleet.measure.FoundRow;
import dev.connectionregistry.samples.fleet.measure.Moves;
import dev.connectionregistry.samples.fleet.measure.RowCount;
import dev.connectionregistry.samples.fleet.measure.UpgradeFacts;
import dev.connectionregistry.samples.fleet.measure.Verdict;
import dev.connectionregistry.samples.fleet.show.HoldBars;
import dev.connectionregistry.samples.fleet.show.HoldView;
import dev.connectionregistry.samples.fleet.show.Report.WayBack;
import dev.connectionregistry.samples.fleet.stage.EndpointWrite;
import dev.connectionregistry.samples.fleet.stage.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What the operator's part came to in a scenario whose fleet is cut over to the target and back; and how it is judged.
 *
 * @param there the first cutover
 * @param back the second
 * @param verified how many tables the last comparison found equal
 * @param leftovers what is left of replication on both servers
 * @param surprises what went otherwise than it should
 */
record ThereAndBack(
        UpgradeStory.Leg there, UpgradeStory.Leg back, int verified, long leftovers, List<String> surprises) {
    /** As in the cutover alone. */
    private static final Duration ALLOWED = Duration.ofSeconds(2);

    ThereAndBack {
        surprises = List.copyOf(surprises);
    }

    /**
     * Reads the rows, shows the figures, writes the report, and says the verdict.
     *
     * @param title of the report
     * @param file where the report goes
     * @param rows reads those of the server where the fleet is
     * @param writes what the servers say of the services' writes
     * @return whether the verdict is good
     */
    boolean judged(
            Demo demo,
            Load load,
            String title,
            Path file,
            Function<Stage, List<FoundRow>> rows,
            BiFunction<Findings, Optional<WayBack>, Optional<UpgradeFacts.Writes>> writes) {
        demo.heading("Where the hold's time went");
        bars(demo, there);
        demo.heading("Where it went on the way back");
        bars(demo, back);
        Findings findings = Findings.of(demo, load);
        demo.screen().line("  reading every row from the server where the fleet is");
        int target = demo.stage().targetEndpoint().port();
        Optional<WayBack> wayBack = EndpointWrite.backMicros(demo.stage())
                .map(at -> new WayBack(at, Moves.backOf(demo.recorder().statuses(), target)));
        RowCount count = RowCount.of(findings.work(), rows.apply(demo.stage()));
        Verdict verdict =
                findings.verdict(count, ALLOWED).with(facts(findings, wayBack, writes.apply(findings, wayBack)));
        Optional<HoldView> hold = HoldView.of(
                there.steps(),
                there.holdMillis(),
                findings.work(),
                demo.recorder().statuses(),
                target);
        findings.tell(verdict, title, hold, wayBack, file);
        return verdict.passed();
    }

    private static void bars(Demo demo, UpgradeStory.Leg leg) {
        HoldBars.lines(leg.steps().holdAndRelease(), demo.screen().terminal()).forEach(demo.screen()::line);
    }

    private UpgradeFacts facts(Findings findings, Optional<WayBack> wayBack, Optional<UpgradeFacts.Writes> writes) {
        long moved = findings.write().map(findings.moves()::lastAfter).orElse(-1L);
        long came = wayBack.map(way -> way.moves().lastAfter(way.writeMicros())).orElse(-1L);
        return new UpgradeFacts(
                new UpgradeFacts.Leg(there.holdMillis(), moved),
                new UpgradeFacts.Leg(back.holdMillis(), came),
                ALLOWED.toNanos() / 1_000,
                verified,
                leftovers,
                writes,
                surprises);
    }
}
