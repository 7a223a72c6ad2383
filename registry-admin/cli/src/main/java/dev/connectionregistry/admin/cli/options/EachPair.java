package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.options.PairOptions.ServerPairs;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.settings.ServerFinder;
import dev.connectionregistry.admin.settings.ServerFinder.LeftOut;
import dev.connectionregistry.admin.settings.ServerPairFinder;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Executes a command for one database, or for each Postgres database of a server, one after the other. If it fails for
 * one, it still runs for the others, unless the operator stops it.
 */
public final class EachPair {
    private static final Set<Reason> STOPPED = EnumSet.of(Reason.INTERRUPTED, Reason.NOT_CONFIRMED);

    private final ServerPairFinder pairs;
    private final ServerFinder servers;
    private final Console console;

    @Inject
    EachPair(ServerPairFinder pairs, ServerFinder servers, Console console) {
        this.pairs = pairs;
        this.servers = servers;
        this.console = console;
    }

    /** Executes the command for one pair of servers. */
    @FunctionalInterface
    public interface Work {
        /** Returns the answer without printing it. */
        Answer on(ServerPair pair);
    }

    /**
     * The answer for one pair.
     *
     * @param document for {@code --output json}
     * @param lines for people
     * @param judge throws the error that the answer stands for, if any; called after the answer is printed
     */
    public record Answer(Supplier<?> document, Supplier<List<String>> lines, Runnable judge) {
        /** An answer that is never an error. */
        public Answer(Supplier<?> document, Supplier<List<String>> lines) {
            this(document, lines, () -> {});
        }
    }

    /**
     * Executes the command and prints the answers; for a server, the document is a list. Names that may be on the
     * server are reported, too.
     *
     * @throws OperationException naming the databases for which it failed
     */
    public void run(PairOptions options, Work work) {
        ServerPairs found = options.pairs(pairs, servers);
        List<ServerPair> all = found.all();
        found.leftOut().forEach(each -> console.warn(each.warning()));
        if (!options.areOfServer()) {
            Answer answer = work.on(all.get(0));
            if (console.json()) {
                console.printJson(answer.document().get());
            } else {
                console.print(answer.lines().get());
            }
            answer.judge().run();
            return;
        }
        List<Object> documents = new ArrayList<>();
        List<Failure> failures = new ArrayList<>();
        for (ServerPair pair : all) {
            try {
                Answer answer = work.on(pair);
                if (console.json()) {
                    documents.add(answer.document().get());
                } else {
                    console.print(headline(pair));
                    console.print(answer.lines().get());
                }
                answer.judge().run();
            } catch (OperationException e) {
                if (STOPPED.contains(e.reason())) {
                    throw e;
                }
                failures.add(new Failure(pair, e));
            }
        }
        if (console.json()) {
            found.leftOut().forEach(each -> documents.add(document(each)));
            console.printJson(documents);
        }
        if (!failures.isEmpty()) {
            throw together(failures, all.size());
        }
    }

    /** The pair of a command that only takes one database. */
    public ServerPair one(PairOptions options) {
        return options.pairs(pairs, servers).all().get(0);
    }

    private static Map<String, Object> document(LeftOut left) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", left.name().value());
        document.put("leftOut", left.problem());
        return document;
    }

    private String headline(ServerPair pair) {
        String text = "'" + pair.database() + "': " + pair.source().endpoint() + " and "
                + pair.target().endpoint();
        return Tone.BOLD.paint(TextTable.printable(text), console.coloredOutput());
    }

    private record Failure(ServerPair pair, OperationException error) {}

    private static OperationException together(List<Failure> failures, int all) {
        OperationException first = failures.get(0).error();
        return new OperationException(
                first.reason(),
                "it failed for " + failures.size() + " of " + all + " databases: "
                        + failures.stream()
                                .map(each -> "'" + each.pair().database() + "': "
                                        + each.error().getMessage())
                                .collect(Collectors.joining("; ")),
                first.next(),
                first);
    }
}
