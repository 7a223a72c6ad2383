package dev.connectionregistry.admin.cutover.explore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.admin.cutover.explore.Bounds.Option;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Tries every interleaving of a cutover, up to stated bounds, with the pure functions of production: {@code Event.decide} for each
 * of two instances, {@code CutoverDecisions} for a coordinator and for a second one that may take over at any moment, while
 * the first lives, sleeps, or is dead. Breadth first over all states of a small world, so that a counterexample is a shortest
 * one; it is printed step by step.
 *
 * <p>The decisions are real; what an act <em>does</em> is modelled:
 *
 * <ul>
 *   <li><b>Registry</b> ({@link RegistryActs}): versions and what each says, the lock's epoch. Writes are conditional on version
 *       and epoch; they succeed, fail, or lose their answer, and then take effect at once, later, or never.
 *   <li><b>Source</b> ({@link ServerActs}): a fence that binds sessions which begin after it; sessions that were there
 *       may write until they are ended; one session may fence, and taking over ends the other's. Acts fail before, half-way
 *       and after their effect. The <b>target</b> gets commits one by one, at any time.
 *   <li><b>Instances</b> ({@link Fleet}, {@link InstanceSteps}): reads return what stood at any time since the last, however
 *       late; pools open or don't; the gate's time limit may fire at any moment; reports come late or never; transactions
 *       begin wherever callers are let through, and commit when they like. Hints are left out, because it is checked in every state
 *       that one leads to a read and nothing else, and reads happen at any time anyhow.
 *   <li><b>Signals</b> ({@link Secret}): PREPARE and HOLD have real commitments. A coordinator reveals a secret when it knows that
 *       its own write took effect; from then on each instance may hear it at any time, more than once, or never. It is checked in
 *       every state ({@link AnnouncementInvariants}) that an instance which has read the commitment does what reading the version
 *       does, also while a read is under way, and that any other secret does nothing. An instance that is HELD says so by its
 *       secret or its report, and counts from then on.
 *   <li><b>A second cutover</b> ({@link Writer}), where the bounds have it: when the first is over, another begins from there to a
 *       third server, while instances may still have to read, and to hear, what the first one left.
 *   <li>A sleeping coordinator is one that does nothing for long, so every late wake-up is among the interleavings.
 * </ul>
 *
 * <p>With two names each has one instance and a Postgres database of its own. What they have in common is the coordinators and the
 * transaction that writes their settings, so both are always at the same version; acts on the two sources may each succeed
 * or fail. Every invariant holds across both: nothing commits on either source once any target was handed out.
 *
 * <p>Both may be in one process ({@link OneProcess}), by the pure functions for its gates: then a thread with a connection of one name may
 * wait at the gate of the other. From every state with both gates closed there must be a way to HELD on which everybody only gives back
 * what they have.
 *
 * <p>{@link Invariant} says what must hold; {@link Completion} takes the coordinators out of every state that was reached and
 * tries every order in which a fresh one may go on from there. Equal worlds are met once: pools are renumbered, A and B put in
 * order, what nobody can notice any more is dropped ({@link Model#levelled}); acts that nobody notices go with the act before
 * them. {@link Mutation} leaves rules out, one at a time, to show that the search would see it.
 */
class CutoverExplorationTest {
    private static Bounds takenOver() {
        return Bounds.cutover(Purpose.RESUME, Purpose.ABORT);
    }

    static Stream<Bounds> bounds() {
        return Stream.of(
                takenOver().with(Fault.LOST_ANSWER, 1),
                takenOver().with(Fault.SESSION_BREAK, 1),
                takenOver().with(Fault.COORDINATOR_CRASH, 1).as(Purpose.REHEARSAL),
                Bounds.cutover(Purpose.ABORT).with(Fault.ORDINARY_WRITE, 1).with(Option.INTERVAL_WRITES),
                Bounds.cutover(Purpose.ABORT).with(Fault.POOL_REFUSED, 2).with(Option.SLOW_LISTENERS),
                Bounds.cutover().with(Fault.INSTANCE_RESTART, 1).with(Fault.LOST_ANSWER, 1),
                Bounds.cutover().with(Option.SECOND_CUTOVER),
                Bounds.cutover(Purpose.ABORT).with(Option.TWO_NAMES),
                Bounds.cutover(Purpose.ABORT).with(Option.TWO_NAMES).with(Option.ONE_PROCESS));
    }

    static Stream<Bounds> wideBounds() {
        return Stream.of(
                takenOver().withLag(3).with(Option.SLOW_LISTENERS),
                takenOver()
                        .with(Fault.LOST_ANSWER, 1)
                        .with(Fault.SESSION_BREAK, 1)
                        .with(Fault.COORDINATOR_CRASH, 1),
                takenOver().with(Fault.LOST_ANSWER, 2).with(Fault.POOL_REFUSED, 1),
                takenOver().with(Fault.INSTANCE_RESTART, 1),
                Bounds.cutover().with(Fault.INSTANCE_RESTART, 2).with(Fault.POOL_REFUSED, 1),
                takenOver()
                        .with(Fault.ORDINARY_WRITE, 1)
                        .with(Fault.LOST_ANSWER, 1)
                        .with(Option.INTERVAL_WRITES),
                takenOver().with(Fault.LOST_ANSWER, 1).with(Option.SECOND_CUTOVER),
                Bounds.cutover(Purpose.ABORT).with(Option.TWO_NAMES).with(Fault.SESSION_BREAK, 1),
                Bounds.cutover(Purpose.ABORT).with(Option.TWO_NAMES).with(Fault.LOST_ANSWER, 1));
    }

    @ParameterizedTest
    @MethodSource("bounds")
    void nothingBreaksInAnyOrderOfEvents(Bounds bounds) {
        assertThat(explored(bounds).broken()).isEmpty();
    }

    @Tag("storm")
    @ParameterizedTest
    @MethodSource("wideBounds")
    void nothingBreaksWithMoreFaultsAtOnce(Bounds bounds) {
        assertThat(explored(bounds).broken()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(Mutation.class)
    void aRuleLeftOutIsSeenToBreakWhatItIsFor(Mutation rule) {
        Explorer.Result result = explored(enoughFor(rule).without(rule));
        assertThat(result.broken().map(Explorer.Found::invariant)).isEqualTo(rule.breaks());
        result.broken().ifPresent(found -> assertThat(found.trace()).isNotEmpty());
    }

    /** A rule without which only callers suffer: their transactions are cut, but nothing is lost and nothing committed twice. */
    @ParameterizedTest
    @EnumSource(names = {"COUNTS_STALE_REPORTS", "COUNTS_EARLIER_HELD", "GATE_STAYS_OPEN"})
    void withoutARuleForTheCallersDataStaySafe(Mutation rule) {
        Bounds bounds = Bounds.cutover().without(rule).heedingAllBut(Invariant.HELD_IS_IDLE);
        assertThat(explored(bounds).broken()).isEmpty();
    }

    /** The smallest bounds in which the rule is needed. */
    private static Bounds enoughFor(Mutation rule) {
        return switch (rule) {
            case SWITCHES_UNCONDITIONALLY,
                    SWITCHES_WITHOUT_EPOCH,
                    SWITCHES_WITHOUT_VERSION,
                    KEEPS_EARLIER_EPOCH,
                    ABORTS_BLINDLY -> Bounds.cutover(Purpose.ABORT);
            case LOWERS_WITHOUT_SESSION,
                    KEEPS_EARLIER_SESSION,
                    RESUME_TRUSTS_JOURNAL,
                    COUNTS_STALE_REPORTS,
                    COUNTS_EARLIER_HELD -> Bounds.cutover(Purpose.RESUME);
            case SWITCHES_NAMES_APART, FENCES_ONE_SOURCE, WAITS_FOR_ONE_TARGET, LOWERS_ONE_FENCE ->
                Bounds.cutover().with(Option.TWO_NAMES);
            case HOLDS_NAMES_APART,
                    LETS_NOBODY_THROUGH,
                    LETS_ONLY_KNOWN_THROUGH,
                    FORGETS_WHO_IS_INSIDE,
                    LETS_THROUGH_WHEN_HELD ->
                Bounds.cutover().with(Option.TWO_NAMES).with(Option.ONE_PROCESS);
            case TAKES_ONE_SESSION -> Bounds.cutover(Purpose.RESUME).with(Option.TWO_NAMES);
            case TAKES_ANOTHER_RUNS_SECRETS -> Bounds.cutover().with(Option.SECOND_CUTOVER);
            case NO_SECOND_LOOK -> Bounds.cutover(Purpose.RESUME).with(Fault.SESSION_BREAK, 1);
            case UNDOES_UNKNOWN_SWITCH, SETTLES_WITHOUT_EPOCH ->
                Bounds.cutover().with(Fault.LOST_ANSWER, 1);
            default -> Bounds.cutover();
        };
    }

    @Test
    void aTraceTellsEachStepOnTheShortestWay() {
        Explorer.Result result = explored(Bounds.cutover().without(Mutation.PUBLISHES_ON_PREPARE));
        assertThat(result.broken().orElseThrow().trace()).hasSize(result.depth());
        assertThat(result.toString())
                .contains("NO_SPLIT_BRAIN", "  1. ")
                .contains("first CUTOVER: TAKE_REGISTRY_LOCK DONE, next LOOK")
                .contains("reads version 2, PREPARE")
                .contains("begins a transaction on the source");
    }

    private static Explorer.Result explored(Bounds bounds) {
        Explorer.Result result = new Explorer(bounds).explore();
        System.out.println(result);
        return result;
    }
}
