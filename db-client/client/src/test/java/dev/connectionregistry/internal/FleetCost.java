package dev.connectionregistry.internal;

import static dev.connectionregistry.internal.SimulatedFleet.HEARTBEAT;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.connectionregistry.internal.SimulatedFleet.Count;
import dev.connectionregistry.settings.Commitment;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Polling;
import dev.connectionregistry.testing.Servers;
import java.time.Duration;
import java.util.function.Consumer;
import org.assertj.core.data.Percentage;
import org.slf4j.LoggerFactory;

/** The arithmetic of docs/cost.md, held against what a fleet of this size really asks. */
final class FleetCost {
    /** More ask for more in a cutover than a partition of the table takes. */
    private static final int MOST_IN_A_CUTOVER = 300;

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration STEADY = Duration.ofSeconds(30);
    private static final Duration QUICK = Duration.ofMillis(100);
    /** With it 5,000 instances stay within what a partition of the table answers, 3,000 reads a second: 0.6 for each. */
    private static final Duration SIGNALLED = Duration.ofSeconds(4);
    /** How often an instance reads during a run whose signals work, on average. */
    private static final Duration SLOW = Duration.ofSeconds(5);

    private static final int SECONDS_TO_READY = 5;
    /** With it 5,000 instances poll within 3,000 reads a second in a move, too. */
    private static final Duration SPREAD = Duration.ofSeconds(2);

    private final int instances;
    /** 3 % of thousands; more of few, where chance counts. */
    private final Percentage tolerance;
    /** The same for waits of any length up to a limit. */
    private final Percentage wideTolerance;

    private final SimulatedFleet fleet;

    private FleetCost(int instances, SimulatedFleet fleet) {
        this.instances = instances;
        this.tolerance = Percentage.withPercentage(2.5 + 25 / Math.sqrt(instances));
        this.wideTolerance = Percentage.withPercentage(2.5 + 70 / Math.sqrt(instances));
        this.fleet = fleet;
    }

    /** Takes a fleet through its life. */
    static void check(int instances) {
        simulate(instances, FleetCost::check);
    }

    /**
     * Takes a fleet whose reports are spread through a move and a cutover, second by second.
     *
     * @param most writes that a partition may take in any of them
     */
    static void checkSpread(int instances, int partitions, int most) {
        simulate(instances, cost -> cost.checkSpread(partitions, most));
    }

    private static void simulate(int instances, Consumer<FleetCost> check) {
        long seed = System.nanoTime();
        System.out.println(instances + " instances, seed " + seed);
        Logger logger = (Logger) LoggerFactory.getLogger("dev.connectionregistry");
        Level before = logger.getLevel();
        logger.setLevel(Level.ERROR); // each instance tells of the outage
        try (SimulatedFleet fleet = new SimulatedFleet(seed)) {
            check.accept(new FleetCost(instances, fleet));
        } finally {
            logger.setLevel(before);
        }
    }

    private void check() {
        fleet.write(settings("db1", STEADY));
        fleet.start(instances, STEADY);
        steady();
        move();
        if (instances <= MOST_IN_A_CUTOVER) {
            run();
        }
        signalledRun();
        back();
        outage();
    }

    private void checkSpread(int partitions, int most) {
        fleet.write(settings("db1", STEADY));
        fleet.start(instances, STEADY);
        fleet.pass(STEADY);
        fleet.spread(partitions);
        Count spreading = seconds("spread over " + partitions, STEADY.plus(STEADY.dividedBy(10)));
        assertThat(spreading.mostWrites()).isLessThanOrEqualTo(most);
        assertThat(fleet.found()).as("reports that an operator finds").isEqualTo(instances);

        fleet.write(settings("db1", SPREAD));
        fleet.pass(STEADY.plus(STEADY.dividedBy(10)));
        fleet.pass(SPREAD.multipliedBy(100)); // until their polls are spread evenly
        fleet.write(settings("db2", SPREAD));
        Count move = seconds("spread, move, 2 s", SPREAD.plus(SECOND));
        assertThat(fleet.serving(fleet.newest())).isEqualTo(instances);
        assertThat(move.mostWrites()).as("reports in any second").isLessThanOrEqualTo(most);
        assertThat(move.writes()).as("more than one partition takes").isGreaterThan(most);

        fleet.write(settings("db2", SIGNALLED));
        fleet.pass(SIGNALLED.multipliedBy(100));
        long before = fleet.newest();
        fleet.prepareWithSignals(settings("db3", SIGNALLED));
        Count ready = seconds("spread, getting ready", SECOND.multipliedBy(SECONDS_TO_READY));
        fleet.announce(Commitment.Kind.HOLD);
        fleet.pass(Duration.ofMillis(500));
        fleet.announce(Commitment.Kind.SWITCH);
        Count released = seconds("spread, released", SECOND.multipliedBy(SECONDS_TO_READY));
        assertThat(fleet.serving(before + 3)).isEqualTo(instances);
        assertThat(Math.max(ready.mostWrites(), released.mostWrites()))
                .as("reports in any second")
                .isLessThanOrEqualTo(most);
        assertThat(released.writes()).as("more than one partition takes").isGreaterThan(most);
        assertThat((double) Math.max(move.reads(), Math.max(ready.reads(), released.reads())))
                .as("reads in any second")
                .isLessThanOrEqualTo(0.6 * instances + 3 * Math.sqrt(instances)); // chance counts where there are few
    }

    /** The most of each figure in any of these seconds. */
    private Count seconds(String what, Duration time) {
        Count most = new Count(0, 0, 0, 0, 0);
        for (int second = 0; second < time.toSeconds(); second++) {
            Count count = during(what, SECOND);
            System.out.printf("%31smost under one key: %d%n", "", count.mostWrites());
            most = new Count(
                    Math.max(most.reads(), count.reads()),
                    Math.max(most.writes(), count.writes()),
                    Math.max(most.mostWrites(), count.mostWrites()),
                    Math.max(most.readUnits(), count.readUnits()),
                    Math.max(most.writeUnits(), count.writeUnits()));
        }
        return most;
    }

    private void steady() {
        fleet.pass(STEADY);
        Duration time = Duration.ofMinutes(1);
        Count count = during("steady, 30 s", time);
        assertThat(count.reads()).isCloseTo(polls(STEADY, time), tolerance);
        assertThat(count.writes()).isCloseTo(heartbeats(time), tolerance);
        assertThat(count.readUnits()).as("one unit for each read").isEqualTo((double) count.reads());
        assertThat(count.writeUnits()).as("one unit for each report").isEqualTo((double) count.writes());
        double look = fleet.look();
        System.out.printf("a look at the fleet: %.1f units%n", look);
        assertThat(look).as("units of a look").isBetween(instances / 15.0, instances / 7.0);
    }

    /** The interval is shortened, everyone moves, the interval is put back. */
    private void move() {
        fleet.write(settings("db1", SECOND));
        fleet.pass(STEADY.plus(STEADY.dividedBy(10))); // until all poll every second
        fleet.write(settings("db2", SECOND));
        Duration time = Duration.ofSeconds(3);
        Count count = during("move, 1 s", time);
        assertThat(fleet.serving(3)).isEqualTo(instances);
        assertThat(count.reads()).isCloseTo(polls(SECOND, time), tolerance);
        assertThat(count.writes()).isCloseTo(heartbeats(time) + 2L * instances, tolerance);
    }

    /** Each report is written at most twice, however often an instance looks. */
    private void run() {
        fleet.write(settings("db2", QUICK));
        fleet.pass(SECOND.multipliedBy(2));
        fleet.prepare(settings("db3", QUICK));
        Duration time = Duration.ofSeconds(2);
        Count count = during("prepared, 100 ms", time);
        assertThat(count.reads()).isCloseTo(polls(QUICK, time), tolerance);
        assertThat(count.writes())
                .as("PREPARING and READY, or READY only, and that once more")
                .isBetween(2L * instances, 3L * instances + 2 * heartbeats(time));
        fleet.write(settings("db3", SECOND));
        fleet.pass(SECOND);
        assertThat(fleet.serving(6)).isEqualTo(instances);
    }

    /** While signals work nobody reads for news, so that a run asks less than polling at its interval would. */
    private void signalledRun() {
        fleet.write(settings("db3", SIGNALLED));
        fleet.pass(
                SIGNALLED.multipliedBy(100)); // until their polls, all within a second so far, are spread evenly again
        long before = fleet.newest();
        fleet.prepareWithSignals(settings("db4", SIGNALLED));
        long most = 0;
        for (int second = 0; second < SECONDS_TO_READY; second++) {
            most = Math.max(most, during("signals, getting ready", SECOND).reads());
        }
        fleet.pass(SIGNALLED.multipliedBy(2));
        Duration time = Duration.ofMinutes(1); // in a shorter time the random pauses of few instances deviate by more
        Count ready = during("signals, ready", time);
        assertThat(ready.reads()).isCloseTo(polls(SLOW, time), tolerance);
        assertThat(ready.writes()).as("heartbeats only").isBetween(heartbeats(time) / 2, 2 * heartbeats(time));
        fleet.announce(Commitment.Kind.HOLD);
        Count hold = during("signals, hold", Duration.ofMillis(500));
        assertThat(hold.reads()).as("reads in a hold").isZero();
        assertThat(hold.writes()).as("reports in a hold").isLessThanOrEqualTo(instances / 10);
        fleet.announce(Commitment.Kind.SWITCH);
        assertThat(fleet.serving(before + 1)).isZero();
        for (int second = 0; second < SECONDS_TO_READY; second++) {
            most = Math.max(most, during("signals, after the switch", SECOND).reads());
        }
        assertThat(fleet.serving(before + 3)).isEqualTo(instances);
        assertThat((double) most)
                .as("reads in any second")
                .isLessThanOrEqualTo(0.6 * instances + 3 * Math.sqrt(instances)); // chance counts where there are few
    }

    private void back() {
        fleet.write(settings("db4", STEADY));
        fleet.pass(SECOND.multipliedBy(2));
    }

    /** Half of the longest wait on average; no reports come through, and none is repeated before the next heartbeat. */
    private void outage() {
        fleet.outage(true);
        fleet.pass(Duration.ofMinutes(1));
        Count count = during("outage", Duration.ofMinutes(5));
        assertThat(count.reads()).isCloseTo(2 * polls(STEADY, Duration.ofMinutes(5)), wideTolerance);
        fleet.outage(false);
        fleet.pass(STEADY.multipliedBy(2));
        count = during("after the outage", STEADY);
        assertThat(count.reads()).isCloseTo(polls(STEADY, STEADY), wideTolerance);
    }

    private Count during(String what, Duration time) {
        Count count = fleet.during(time);
        System.out.printf(
                "%-28s %4.1f s: %6d reads (%.1f/s), %6d reports (%.1f/s)%n",
                what,
                time.toMillis() / 1000.0,
                count.reads(),
                1000.0 * count.reads() / time.toMillis(),
                count.writes(),
                1000.0 * count.writes() / time.toMillis());
        return count;
    }

    /** N / I for each second. */
    private long polls(Duration interval, Duration time) {
        return instances * time.toMillis() / interval.toMillis();
    }

    /** N / H for each second. */
    private long heartbeats(Duration time) {
        return instances * time.toMillis() / HEARTBEAT.toMillis();
    }

    private static ConnectionSettings settings(String host, Duration interval) {
        return Servers.settings(new Endpoint(host, 5432, "orders")).withPolling(Polling.every(interval));
    }
}
