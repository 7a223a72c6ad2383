package dev.connectionregistry.admin.replication.plan;

import dev.connectionregistry.admin.replication.ReplicationNames;
import dev.connectionregistry.admin.server.TableName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.Endpoint.Host;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The commands with which a person copies the rows of a table that the server doesn't copy. They must be given once
 * {@code start} says that the table follows: rows that are inserted later arrive by themselves, and a row that arrives
 * both ways is there once. A change to a row that isn't on the target yet gets lost: the commands then bring the row as
 * it was. So they are only for tables whose rows aren't updated or deleted meanwhile. They refuse after a cutover, as
 * far as the servers show that there was one. Pure.
 */
public final class BackfillText {
    private BackfillText() {}

    /** The commands for psql, in order. */
    public static List<String> commands(TableFacts table, ReplicationNames names, Endpoint source, Endpoint target) {
        String name = table.name().sql();
        String staging =
                new TableName(table.name().schema(), stagingName(table.name().name())).sql();
        String columns = table.columns().stream().map(BackfillText::quoted).collect(Collectors.joining(", "));
        String key = table.key().stream().map(each -> quoted(each.name())).collect(Collectors.joining(", "));
        List<String> lines = new ArrayList<>();
        lines.add("-- 1. once it follows; on the source, with psql " + connection(source) + ":");
        lines.add("\\set ON_ERROR_STOP on");
        lines.add(refusing(
                "current_setting('default_transaction_read_only') = 'on'",
                "this server is fenced, so services have moved"));
        lines.add("COPY (SELECT " + columns + " FROM " + name + ") TO STDOUT \\g backfill.copy");
        lines.add("-- 2. before the cutover; on the target, with psql " + connection(target) + ":");
        lines.add("\\set ON_ERROR_STOP on");
        lines.add("CREATE UNLOGGED TABLE " + staging + " AS SELECT " + columns + " FROM " + name + " WITH NO DATA;");
        lines.add("\\copy " + staging + " (" + columns + ") FROM 'backfill.copy'");
        lines.add("SET session_replication_role = replica; -- as replication does it, or triggers do their work twice");
        lines.add(refusing(moved(names), "services have moved, or replication has ended"));
        lines.add(String.format(Locale.ROOT, """
                INSERT INTO %1$s (%2$s) OVERRIDING SYSTEM VALUE \
                SELECT %2$s FROM %3$s \
                ON CONFLICT (%4$s) DO NOTHING;""", name, columns, staging, key));
        lines.add("RESET session_replication_role;");
        lines.add("DROP TABLE " + staging + ";");
        return lines;
    }

    /** What the services have deleted since would come back. */
    private static String refusing(String condition, String why) {
        return String.format(Locale.ROOT, """
                DO $$BEGIN IF %s THEN \
                RAISE 'too late to copy rows: %s, and rows that were deleted since would come back'; \
                END IF; END$$;""", condition, why);
    }

    /** A cutover leaves the slot for the way back, and {@code reverse} and {@code stop} end the subscription. */
    private static String moved(ReplicationNames names) {
        String feed = names.main();
        String slots = String.join("', '", names.wayBack());
        return String.format(Locale.ROOT, """
                EXISTS (SELECT FROM pg_replication_slots WHERE slot_name IN ('%s')) \
                OR NOT EXISTS (SELECT FROM pg_subscription WHERE subname = '%s' AND subenabled \
                AND subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()))""", slots, feed);
    }

    /** At most 63 bytes long, whatever the table's name is. */
    private static String stagingName(String table) {
        return "registry_backfill_" + String.format(Locale.ROOT, "%08x", table.hashCode());
    }

    private static String connection(Endpoint endpoint) {
        if (endpoint.hosts().size() == 1) {
            return "-h " + endpoint.host() + " -p " + endpoint.port() + " -d " + shell(endpoint.databaseName());
        }
        String hosts = endpoint.hosts().stream().map(Host::name).collect(Collectors.joining(","));
        String ports = endpoint.hosts().stream()
                .map(host -> Integer.toString(host.port()))
                .collect(Collectors.joining(","));
        String name = endpoint.databaseName().replace("\\", "\\\\").replace("'", "\\'");
        return shell("host=" + hosts + " port=" + ports + " dbname='" + name + "' target_session_attrs=read-write");
    }

    private static String shell(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
