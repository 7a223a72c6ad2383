package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.replication.verify.TableVerdict.Result;
import dev.connectionregistry.admin.server.ServerPair;
import java.time.Duration;
import java.util.List;

/**
 * The result of verifying. Immutable.
 *
 * @param pair the two servers
 * @param waitedFor what was waited for; empty if the target doesn't follow
 * @param seed the seed of the sample
 * @param tables the verdicts, by table name
 * @param notes what else is worth knowing
 * @param took how long it took
 */
public record VerifyReport(
        ServerPair pair, String waitedFor, int seed, List<TableVerdict> tables, List<String> notes, Duration took) {
    public VerifyReport {
        tables = List.copyOf(tables);
        notes = List.copyOf(notes);
    }

    /** How many tables have this result. */
    public long count(Result result) {
        return tables.stream().filter(each -> each.result() == result).count();
    }
}
