package dev.connectionregistry.admin.history.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Each broken promise must be found: a checker that finds nothing is worth nothing. */
class HistoryCheckerTest {
    private static final int SOURCE = 5001;
    private static final int TARGET = 5002;
    private static final long TOTAL = 1000;
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final List<Operation> operations = new ArrayList<>();
    private List<Entry> onSource = new ArrayList<>(List.of(new Entry("a.1", 1, 10, SOURCE)));
    private List<Entry> onTarget =
            new ArrayList<>(List.of(new Entry("a.1", 1, 10, SOURCE), new Entry("a.1", 5, 11, TARGET)));
    private Map<String, Long> counters = Map.of("a.1", 1L);
    private long total = TOTAL;
    private List<Long> sourceCommits = List.of(100L, 200L);
    private List<Long> targetCommits = List.of(300L, 400L);
    private Expected expected = Expected.of(List.of(SOURCE, TARGET), TOTAL, LIMIT);

    HistoryCheckerTest() {
        did("a.1", 1, Kind.INSERT, Outcome.OK, SOURCE);
        did("a.1", 2, Kind.INCREMENT, Outcome.OK, SOURCE);
        did("a.1", 3, Kind.TRANSFER, Outcome.OK, SOURCE);
        read("a.1", 4, new Seen(1, true, TOTAL));
        did("a.1", 5, Kind.INSERT, Outcome.OK, TARGET);
    }

    @Test
    void acceptsAHistoryInWhichEverythingIsAsItWasTold() {
        assertThat(problems()).isEmpty();
    }

    @Test
    void findsAnAcknowledgedRowThatIsLost() {
        did("a.1", 9, Kind.INSERT, Outcome.OK, SOURCE);
        assertThat(problems()).singleElement().asString().contains("acknowledged and lost", "a.1#9");
    }

    @Test
    void findsARowThatFailedForCertain() {
        did("a.1", 9, Kind.INSERT, Outcome.FAILED, TARGET);
        onTarget.add(new Entry("a.1", 9, 12, TARGET));
        assertThat(problems()).singleElement().asString().contains("failed and are there", "a.1#9");
    }

    @Test
    void findsARowThatIsThereTwice() {
        onTarget.add(new Entry("a.1", 1, 12, TARGET));
        assertThat(problems()).anyMatch(text -> text.contains("are there 2 times") && text.contains("a.1#1"));
    }

    @Test
    void findsARowThatNobodyWrote() {
        onTarget.add(new Entry("b.7", 1, 12, TARGET));
        assertThat(problems()).singleElement().asString().contains("written by nobody", "b.7#1");
    }

    @Test
    void findsARowThatStayedBehindOnTheSource() {
        did("a.1", 9, Kind.INSERT, Outcome.UNKNOWN, SOURCE);
        onSource.add(new Entry("a.1", 9, 12, SOURCE));
        assertThat(problems()).singleElement().asString().contains("are on 5001 only");
    }

    @Test
    void allowsARowOfUnknownOutcomeToBeThereOrNot() {
        did("a.1", 9, Kind.INSERT, Outcome.UNKNOWN, SOURCE);
        assertThat(problems()).isEmpty();
        onTarget.add(new Entry("a.1", 9, 12, TARGET));
        assertThat(problems()).isEmpty();
    }

    @Test
    void findsRowsWhoseSequenceWentBack() {
        did("a.1", 9, Kind.INSERT, Outcome.OK, TARGET);
        onTarget.add(new Entry("a.1", 9, 3, TARGET));
        assertThat(problems()).singleElement().asString().contains("before their predecessor");
    }

    @Test
    void findsANumberOfTheSequenceThatWasGivenTwice() {
        did("b.1", 1, Kind.INSERT, Outcome.OK, TARGET);
        onTarget.add(new Entry("b.1", 1, 10, TARGET));
        assertThat(problems()).singleElement().asString().contains("share a number");
    }

    @Test
    void findsACounterThatLostAnIncrement() {
        counters = Map.of("a.1", 0L);
        assertThat(problems()).singleElement().asString().contains("counters are wrong", "a.1 is 0, expected 1 to 1");
    }

    @Test
    void findsACounterThatCountedTwice() {
        did("a.1", 9, Kind.INCREMENT, Outcome.UNKNOWN, SOURCE);
        counters = Map.of("a.1", 2L);
        assertThat(problems()).isEmpty();
        counters = Map.of("a.1", 3L);
        assertThat(problems()).singleElement().asString().contains("expected 1 to 2");
    }

    @Test
    void findsATransferThatWasTornApart() {
        total = TOTAL - 7;
        assertThat(problems()).singleElement().asString().contains("sums are wrong", "993");
    }

    @Test
    void findsReadsThatDoNotSeeWhatTheirCallerWrote() {
        read("a.1", 9, new Seen(0, true, TOTAL));
        read("a.1", 10, new Seen(1, false, TOTAL));
        read("a.1", 11, new Seen(1, true, 5));
        assertThat(problems()).hasSize(3);
    }

    @Test
    void findsAWriteOnTheSourceAfterTheFirstOnTheNew() {
        sourceCommits = List.of(100L, 350L);
        assertThat(problems()).singleElement().asString().contains("another order", "5001 from 350");
    }

    @Test
    void findsWritesOnAServerThatNobodyShouldHaveReached() {
        expected = Expected.of(List.of(TARGET), TOTAL, LIMIT);
        assertThat(problems()).singleElement().asString().contains("another order");
    }

    @Test
    void findsAnOperationThatHangs() {
        HistoryLine.Invoked begun = new HistoryLine.Invoked("a.2", 1, Kind.READ, 5);
        operations.add(new Operation("a", begun, Optional.empty()));
        assertThat(problems()).singleElement().asString().contains("1 hang", "a.2#1");
        expected = new Expected(List.of(SOURCE, TARGET), TOTAL, LIMIT, Set.of("a"), Set.of());
        assertThat(problems()).isEmpty();
    }

    @Test
    void findsAnOperationThatTookTooLong() {
        HistoryLine.Invoked begun = new HistoryLine.Invoked("a.2", 1, Kind.TRANSFER, 5);
        HistoryLine.Ended end = new HistoryLine.Ended("a.2", 1, Outcome.OK, 1_000_006, SOURCE, "");
        operations.add(new Operation("a", begun, Optional.of(end)));
        assertThat(problems()).singleElement().asString().contains("longer than PT1S", "a.2#1");
        expected = new Expected(List.of(SOURCE, TARGET), TOTAL, LIMIT, Set.of(), Set.of("a"));
        assertThat(problems()).isEmpty();
    }

    @Test
    void linesComeBackAsTheyWere() {
        List<HistoryLine> lines = List.of(
                new HistoryLine.Invoked("a.1", 3, Kind.READ, 17),
                new HistoryLine.Ended("a.1", 3, Outcome.UNKNOWN, 19, SOURCE, "08006: broken\n100 % ü"),
                new HistoryLine.Status(20, 4, TARGET, "ACTIVE"));
        assertThat(lines)
                .allSatisfy(line -> assertThat(HistoryLine.parse(line.text())).isEqualTo(line));
    }

    private void did(String writer, long number, Kind kind, Outcome outcome, int port) {
        ended(writer, number, kind, outcome, port, "");
    }

    private void read(String writer, long number, Seen seen) {
        ended(writer, number, Kind.READ, Outcome.OK, TARGET, seen.text());
    }

    private void ended(String writer, long number, Kind kind, Outcome outcome, int port, String detail) {
        HistoryLine.Invoked begun = new HistoryLine.Invoked(writer, number, kind, number * 10);
        HistoryLine.Ended end = new HistoryLine.Ended(writer, number, outcome, number * 10 + 5, port, detail);
        operations.add(new Operation("a", begun, Optional.of(end)));
    }

    private List<String> problems() {
        List<Contents> servers = List.of(
                new Contents(SOURCE, onSource, Map.of(), TOTAL, sourceCommits),
                new Contents(TARGET, onTarget, counters, total, targetCommits));
        return HistoryChecker.check(operations, servers, expected).problems();
    }
}
