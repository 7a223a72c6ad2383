package dev.connectionregistry.admin;

import dev.connectionregistry.admin.cli.cutover.CutoverCommand;
import dev.connectionregistry.admin.cli.fleet.ServersCommand;
import dev.connectionregistry.admin.cli.fleet.StatusCommand;
import dev.connectionregistry.admin.cli.move.RollbackCommand;
import dev.connectionregistry.admin.cli.move.SetCredentialsCommand;
import dev.connectionregistry.admin.cli.move.SetEndpointCommand;
import dev.connectionregistry.admin.cli.move.SetIntervalCommand;
import dev.connectionregistry.admin.cli.move.SetPoolCommand;
import dev.connectionregistry.admin.cli.preflight.PreflightCommand;
import dev.connectionregistry.admin.cli.replication.ReplicationCommand;
import dev.connectionregistry.admin.cli.settings.AddCommand;
import dev.connectionregistry.admin.cli.settings.DiffCommand;
import dev.connectionregistry.admin.cli.settings.DoctorCommand;
import dev.connectionregistry.admin.cli.settings.ExportCommand;
import dev.connectionregistry.admin.cli.settings.HistoryCommand;
import dev.connectionregistry.admin.cli.settings.ImportCommand;
import dev.connectionregistry.admin.cli.settings.InitCommand;
import dev.connectionregistry.admin.cli.settings.LiftCommand;
import dev.connectionregistry.admin.cli.settings.ListCommand;
import dev.connectionregistry.admin.cli.settings.RemoveCommand;
import dev.connectionregistry.admin.cli.settings.RepairCommand;
import dev.connectionregistry.admin.cli.settings.SetReportPartitionsCommand;
import dev.connectionregistry.admin.cli.settings.ShowCommand;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The names of all subcommands, in the order of the help. */
public final class Commands {
    private static final List<Map.Entry<String, Class<? extends Runnable>>> ALL = List.of(
            Map.entry("init", InitCommand.class),
            Map.entry("add", AddCommand.class),
            Map.entry("list", ListCommand.class),
            Map.entry("servers", ServersCommand.class),
            Map.entry("show", ShowCommand.class),
            Map.entry("history", HistoryCommand.class),
            Map.entry("diff", DiffCommand.class),
            Map.entry("export", ExportCommand.class),
            Map.entry("import", ImportCommand.class),
            Map.entry("remove", RemoveCommand.class),
            Map.entry("set-endpoint", SetEndpointCommand.class),
            Map.entry("set-interval", SetIntervalCommand.class),
            Map.entry("set-pool", SetPoolCommand.class),
            Map.entry("set-credentials", SetCredentialsCommand.class),
            Map.entry("set-report-partitions", SetReportPartitionsCommand.class),
            Map.entry("rollback", RollbackCommand.class),
            Map.entry("lift", LiftCommand.class),
            Map.entry("repair", RepairCommand.class),
            Map.entry("preflight", PreflightCommand.class),
            Map.entry("cutover", CutoverCommand.class),
            Map.entry("replication", ReplicationCommand.class),
            Map.entry("status", StatusCommand.class),
            Map.entry("doctor", DoctorCommand.class),
            Map.entry("generate-completion", GenerateCompletionCommand.class));

    private Commands() {}

    /**
     * The commands that {@code arguments} may mean: those named in it, or all if it names none. Building only these
     * halves the time for reading the arguments.
     */
    public static Map<String, Class<? extends Runnable>> meantBy(Collection<String> arguments) {
        Set<String> words = new HashSet<>(arguments);
        Map<String, Class<? extends Runnable>> all = new LinkedHashMap<>();
        ALL.forEach(entry -> all.put(entry.getKey(), entry.getValue()));
        Map<String, Class<? extends Runnable>> named = new LinkedHashMap<>(all);
        named.keySet().retainAll(words);
        boolean needsAll = named.isEmpty() || words.contains("generate-completion");
        return needsAll ? all : named;
    }
}
