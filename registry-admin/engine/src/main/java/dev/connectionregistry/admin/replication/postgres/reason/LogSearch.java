package dev.connectionregistry.admin.replication.postgres.reason;

import dev.connectionregistry.admin.replication.FailureReasons.WorkerFailure;
import dev.connectionregistry.admin.server.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Finds the last failure of one worker among a log's entries. Pure. */
final class LogSearch {
    private final List<LogEntry> entries;

    LogSearch(List<LogEntry> entries) {
        this.entries = entries;
    }

    /**
     * When a worker starts, it logs which subscription it belongs to; what its process logs afterwards is the worker's.
     */
    Optional<LogEntry> ofWorker(WorkerFailure trouble) {
        Set<String> processes = new HashSet<>();
        LogEntry last = null;
        for (LogEntry each : entries) {
            if (starts(each)) {
                if (isOf(each.message(), trouble)) {
                    processes.add(each.pid());
                } else {
                    processes.remove(each.pid());
                }
            } else if (each.isFailure()
                    && processes.contains(each.pid())
                    && !each.pid().isEmpty()) {
                last = each;
            }
        }
        return Optional.ofNullable(last);
    }

    private static boolean starts(LogEntry entry) {
        return entry.severity().equals("LOG")
                && entry.message().startsWith("logical replication ")
                && entry.message().endsWith(" has started");
    }

    private static boolean isOf(String message, WorkerFailure trouble) {
        boolean subscription = message.contains(" for subscription \"" + trouble.subscription() + "\"");
        return subscription
                && trouble.table()
                        .map(table -> message.contains(", table \"" + table.name() + "\""))
                        .orElseGet(() -> !message.contains("\", table \""));
    }

    /** The failure of a worker's walsender: the name of its session begins with {@code application}. */
    Optional<LogEntry> ofSender(String application, Optional<TableName> table) {
        return entries.stream()
                .filter(LogEntry::isFailure)
                .filter(each -> each.application().startsWith(application)
                        || table.filter(one -> copies(each.statement(), one)).isPresent())
                .reduce((one, other) -> other);
    }

    private static boolean copies(String statement, TableName table) {
        return Pattern.compile("^COPY .*\\b" + Pattern.quote(table.name()) + "\\b.* TO STDOUT", Pattern.DOTALL)
                .matcher(statement)
                .find();
    }
}
