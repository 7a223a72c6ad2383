package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.ServerErrorText;
import dev.connectionregistry.admin.replication.verify.TableChoice.RowRange;
import dev.connectionregistry.admin.replication.verify.TableVerdict.Result;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.TableName;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Compares the rows of all tables of two servers, a table at a time. Writes nothing. Thread-safe. */
public final class Verification {
    private static final Duration LOGIN = Duration.ofSeconds(10);
    private static final Duration OPEN = Duration.ofSeconds(30);

    private final TableSide.Opener opener;
    private final Timing timing;

    @Inject
    public Verification(TableSide.Opener opener, Timing timing) {
        this.opener = opener;
        this.timing = timing;
    }

    /**
     * Compares the rows.
     *
     * @throws OperationException if a server can't be reached or refuses as a whole, the target should follow and
     *     doesn't, or the operator stopped it; a table that can't be read gives a verdict, not an exception
     * @throws dev.connectionregistry.settings.InvalidSettingsException if a named table doesn't exist
     */
    public VerifyReport run(ServerPair pair, VerifyOptions options, VerifyObserver observer) {
        long start = timing.nanoTime();
        Run run = new Run(options, observer);
        try (BothServers servers = new BothServers(opener.open(pair, LOGIN), timing, run::tick)) {
            run.on(servers);
            return new VerifyReport(pair, run.waitedFor, options.seed(), run.verdicts, run.notes, since(start));
        } catch (ServerException e) {
            throw ServerErrorText.told(e, "see replication status; --direct compares at once");
        }
    }

    private Duration since(long nanos) {
        return Duration.ofNanos(timing.nanoTime() - nanos);
    }

    /** One run; for one thread. */
    private final class Run {
        private final VerifyOptions options;
        private final VerifyObserver observer;
        private final List<TableVerdict> verdicts = new java.util.ArrayList<>();
        private final List<String> notes = new java.util.ArrayList<>();
        private String waitedFor = "";
        private String table = "";
        private Supplier<String> doing = () -> "reading the catalogs";
        private int place;
        private long since = timing.nanoTime();

        Run(VerifyOptions options, VerifyObserver observer) {
            this.options = options;
            this.observer = observer;
        }

        void tick() {
            observer.at(place, table, doing.get(), since(since));
        }

        private void doing(String what) {
            doing = () -> what;
            tick();
        }

        void on(BothServers servers) throws ServerException {
            BothServers.Both<List<TableShape>> shapes =
                    servers.both(side -> side.tables(OPEN), side -> side.tables(OPEN));
            List<TableShape> chosen = chosen(shapes.source());
            Map<TableName, RowRange> marks = marks(shapes.source());
            if (!options.direct()) {
                waitedFor = servers.describe(OPEN);
                await(servers);
            }
            Map<TableName, TableShape> there =
                    shapes.target().stream().collect(Collectors.toMap(TableShape::name, Function.identity()));
            noteExtra(shapes.source(), there.keySet());
            observer.begun(chosen.size(), waitedFor);
            for (TableShape each : chosen) {
                verify(
                        servers,
                        each,
                        Optional.ofNullable(there.get(each.name())),
                        Optional.ofNullable(marks.get(each.name())));
            }
        }

        private List<TableShape> chosen(List<TableShape> shapes) {
            TableChoice choice =
                    new TableChoice(shapes.stream().map(TableShape::name).toList());
            Set<TableName> only = choice.all(options.only());
            Set<TableName> except = choice.all(options.except());
            return shapes.stream()
                    .filter(each -> only.isEmpty() || only.contains(each.name()))
                    .filter(each -> !except.contains(each.name()))
                    .toList();
        }

        private Map<TableName, RowRange> marks(List<TableShape> shapes) {
            Map<TableName, RowRange> marks = new HashMap<>();
            options.marks().forEach(each -> put(marks, TableChoice.mark(each, true, shapes)));
            options.after().forEach(each -> put(marks, TableChoice.mark(each, false, shapes)));
            return marks;
        }

        private void put(Map<TableName, RowRange> marks, TableChoice.Marked marked) {
            if (marks.put(marked.table(), marked.mark()) != null) {
                throw new dev.connectionregistry.settings.InvalidSettingsException(
                        "there is more than one mark for " + marked.table() + "; give one");
            }
        }

        private void noteExtra(List<TableShape> source, Set<TableName> target) {
            Set<TableName> here = source.stream().map(TableShape::name).collect(Collectors.toSet());
            List<TableName> extra = target.stream()
                    .filter(each -> !here.contains(each))
                    .sorted()
                    .toList();
            if (!extra.isEmpty() && options.only().isEmpty()) {
                notes.add("only on the target, and not compared: "
                        + extra.stream().limit(10).map(String::valueOf).collect(Collectors.joining(", "))
                        + (extra.size() > 10 ? " and " + (extra.size() - 10) + " more" : ""));
            }
        }

        private void verify(
                BothServers servers, TableShape source, Optional<TableShape> target, Optional<RowRange> mark)
                throws ServerException {
            if (place > 0 && !options.pause().isZero() && !timing.pause(options.pause())) {
                throw BothServers.interrupted();
            }
            place++;
            table = source.name().toString();
            since = timing.nanoTime();
            TableVerdict verdict = verdict(servers, source, target, mark).after(since(since));
            verdicts.add(verdict);
            observer.ended(place, verdict);
        }

        private TableVerdict verdict(
                BothServers servers, TableShape source, Optional<TableShape> target, Optional<RowRange> mark)
                throws ServerException {
            if (source.unlogged()) {
                return unread(source, Result.NOT_COMPARED, "it is unlogged, which no replication copies");
            }
            if (target.isEmpty()) {
                return unread(source, Result.DIFFERENT, "the target has no such table");
            }
            Optional<String> problem = TablePlan.problem(source, target.get());
            if (problem.isPresent()) {
                return unread(source, Result.DIFFERENT, problem.get());
            }
            if (target.get().copying().isPresent() && !options.direct()) {
                return unread(
                        source, Result.NOT_COMPARED, target.get().copying().get());
            }
            TablePlan plan = TablePlan.of(source, target.get(), mark, options.sampling(source.bytes()));
            return compare(servers, plan, source);
        }

        private TableVerdict compare(BothServers servers, TablePlan plan, TableShape source) throws ServerException {
            try {
                return new TableComparison(plan, servers, () -> await(servers), options, this::doing).run();
            } catch (ServerException e) {
                if (e.kind() == ServerException.Kind.SESSION_LOST) {
                    throw e;
                }
                return unread(source, Result.NOT_COMPARED, String.valueOf(e.getMessage()));
            }
        }

        private TableVerdict unread(TableShape table, Result result, String reason) {
            return TableVerdict.unread(table.name(), result, reason);
        }

        private void awaitFollowing(BothServers servers) throws ServerException {
            Supplier<String> before = doing;
            doing = () -> "waiting for " + (servers.progress().isEmpty() ? waitedFor : servers.progress());
            try {
                servers.awaitFollowing(options.patience());
            } finally {
                doing = before;
            }
        }

        private void await(BothServers servers) throws ServerException {
            if (timing.stopped()) {
                throw BothServers.interrupted();
            }
            if (!options.direct()) {
                awaitFollowing(servers);
            } else if (!options.settle().isZero() && !timing.pause(options.settle())) {
                throw BothServers.interrupted();
            }
        }
    }

    /** Receives the progress of verification, on the caller's thread. */
    public interface VerifyObserver {
        /** What was found at the beginning. */
        void begun(int tables, String waitedFor);

        /**
         * What is being done; again and again while it is.
         *
         * @param place the number of the table, from 1
         * @param table the table
         * @param what {@code counting and hashing}
         * @param elapsed the time since this began
         */
        void at(int place, String table, String what, Duration elapsed);

        void ended(int place, TableVerdict verdict);
    }
}
