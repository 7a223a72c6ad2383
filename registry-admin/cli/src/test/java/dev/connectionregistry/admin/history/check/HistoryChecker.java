package dev.connectionregistry.admin.history.check;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Says whether what is found on the servers is what callers were told. Knows nothing of cutovers: what it asks must hold for
 * any database that claims to keep what it acknowledged. Pure; one instance for one history.
 */
public final class HistoryChecker {
    private static final int NAMED = 5;

    private final List<Operation> operations;
    private final Map<Integer, Contents> servers;
    private final Contents survivor;
    private final Expected expected;
    private final Map<String, List<String>> problems = new LinkedHashMap<>();

    private HistoryChecker(List<Operation> operations, Collection<Contents> servers, Expected expected) {
        this.operations = operations;
        this.servers = servers.stream().collect(Collectors.toMap(Contents::port, each -> each));
        this.expected = expected;
        Contents found = this.servers.get(expected.survivor());
        if (found == null) {
            throw new IllegalArgumentException("nothing is known of the server on port " + expected.survivor());
        }
        this.survivor = found;
    }

    /** Looks at everything; goes on after a problem. */
    public static Verdict check(List<Operation> operations, Collection<Contents> servers, Expected expected) {
        HistoryChecker checker = new HistoryChecker(operations, servers, expected);
        checker.everyOperationEndsInTime();
        checker.insertsAreThereOnceOrNotAtAll();
        checker.nothingIsLeftBehind();
        checker.sequencesGoForward();
        checker.countersCountWhatWasAcknowledged();
        checker.accountsAddUp();
        checker.readsSeeWhatWasWritten();
        checker.oneServerAtATime();
        return new Verdict(checker.described(), operations);
    }

    private void everyOperationEndsInTime() {
        long limit = expected.limit().toNanos() / 1_000;
        for (Operation operation : operations) {
            if (operation.end().isEmpty() && !expected.killed().contains(operation.process())) {
                problem("hang", operation);
            } else if (operation.micros() > limit && !expected.frozen().contains(operation.process())) {
                problem("take longer than " + expected.limit(), operation);
            }
        }
    }

    private void insertsAreThereOnceOrNotAtAll() {
        Map<String, Integer> found = new HashMap<>();
        survivor.entries().forEach(entry -> found.merge(entry.id(), 1, Integer::sum));
        Set<String> tried = new HashSet<>();
        for (Operation operation : operations) {
            if (operation.kind() != Kind.INSERT) {
                continue;
            }
            String id = operation.writer() + "#" + operation.number();
            int times = found.getOrDefault(id, 0);
            tried.add(id);
            if (operation.outcome() == Outcome.OK && times == 0) {
                problem("are acknowledged and lost", operation);
            } else if (operation.outcome() == Outcome.FAILED && times > 0) {
                problem("failed and are there", operation);
            } else if (times > 1) {
                problem("are there " + times + " times", operation);
            }
        }
        found.keySet().stream().filter(id -> !tried.contains(id)).forEach(id -> problem("were written by nobody", id));
    }

    /** What only the other server has was taken by it when it no longer should, or never brought over. */
    private void nothingIsLeftBehind() {
        Set<Entry> here = new HashSet<>(survivor.entries());
        for (Contents other : servers.values()) {
            if (other.port() != survivor.port()) {
                other.entries().stream()
                        .filter(entry -> !here.contains(entry))
                        .forEach(entry -> problem("are on " + other.port() + " only", entry));
            }
        }
    }

    private void sequencesGoForward() {
        Map<String, TreeMap<Long, Entry>> byWriter = new TreeMap<>();
        Map<Long, Entry> bySequence = new HashMap<>();
        for (Entry entry : survivor.entries()) {
            byWriter.computeIfAbsent(entry.writer(), name -> new TreeMap<>()).put(entry.number(), entry);
            Entry other = bySequence.putIfAbsent(entry.sequence(), entry);
            if (other != null) {
                problem("share a number of the sequence", other + " and " + entry);
            }
        }
        byWriter.values().forEach(entries -> sequencesGoForward(entries.values()));
    }

    private void sequencesGoForward(Collection<Entry> entries) {
        long last = Long.MIN_VALUE;
        for (Entry entry : entries) {
            if (entry.sequence() < last) {
                problem("are numbered before their predecessor", entry + " after " + last);
            }
            last = Math.max(last, entry.sequence());
        }
    }

    private void countersCountWhatWasAcknowledged() {
        Map<String, Long> certain = count(Outcome.OK);
        Map<String, Long> unknown = count(Outcome.UNKNOWN);
        Set<String> writers = new HashSet<>(certain.keySet());
        writers.addAll(survivor.counters().keySet());
        for (String writer : writers) {
            long least = certain.getOrDefault(writer, 0L);
            long most = least + unknown.getOrDefault(writer, 0L);
            long value = survivor.counters().getOrDefault(writer, 0L);
            if (value < least || value > most) {
                problem("counters are wrong", writer + " is " + value + ", expected " + least + " to " + most);
            }
        }
    }

    private Map<String, Long> count(Outcome outcome) {
        return operations.stream()
                .filter(each -> each.is(Kind.INCREMENT, outcome))
                .collect(Collectors.groupingBy(Operation::writer, Collectors.counting()));
    }

    private void accountsAddUp() {
        if (survivor.total() != expected.total()) {
            problem("sums are wrong", survivor.total() + " in the end, expected " + expected.total());
        }
    }

    /** A read on the target must find what the same caller was told on the source. */
    private void readsSeeWhatWasWritten() {
        Map<String, List<Operation>> byWriter = operations.stream()
                .collect(Collectors.groupingBy(Operation::writer, TreeMap::new, Collectors.toList()));
        for (List<Operation> ofOne : byWriter.values()) {
            long least = 0;
            long most = 0;
            for (Operation operation : ofOne) {
                if (operation.is(Kind.READ, Outcome.OK)) {
                    judge(operation, least, most);
                }
                least += operation.is(Kind.INCREMENT, Outcome.OK) ? 1 : 0;
                most += operation.kind() == Kind.INCREMENT && operation.outcome() != Outcome.FAILED ? 1 : 0;
            }
        }
    }

    private void judge(Operation read, long least, long most) {
        Seen seen = Seen.parse(read.end().orElseThrow().detail());
        if (!seen.lastEntry()) {
            problem("do not find their own last row", read);
        }
        if (seen.counter() < least || seen.counter() > most) {
            problem("see a stale counter", read + " saw " + seen.counter() + ", expected " + least + " to " + most);
        }
        if (seen.total() != expected.total()) {
            problem("see a wrong sum", read + " saw " + seen.total() + ", expected " + expected.total());
        }
    }

    /** Servers of one machine have one clock, so that commits on both can be put in one order. */
    private void oneServerAtATime() {
        TreeMap<Long, Set<Integer>> inOrder = new TreeMap<>();
        servers.values()
                .forEach(server -> server.commits().forEach(at -> inOrder.computeIfAbsent(at, time -> new HashSet<>())
                        .add(server.port())));
        List<Integer> turns = new ArrayList<>();
        List<String> told = new ArrayList<>();
        inOrder.forEach((at, ports) -> ports.forEach(port -> {
            if (turns.isEmpty() || !turns.get(turns.size() - 1).equals(port)) {
                turns.add(port);
                told.add(port + " from " + at);
            }
        }));
        if (!turns.equals(expected.servers())) {
            problem("servers took writes in another order than " + expected.servers(), told);
        }
    }

    private void problem(String what, Object which) {
        problems.computeIfAbsent(what, name -> new ArrayList<>()).add(which.toString());
    }

    private List<String> described() {
        return problems.entrySet().stream()
                .map(each -> each.getValue().size() + " " + each.getKey() + ": "
                        + each.getValue()
                                .subList(0, Math.min(NAMED, each.getValue().size())))
                .toList();
    }
}
