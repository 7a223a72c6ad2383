package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.settings.RepairSettings;
import dev.connectionregistry.admin.settings.RepairSettings.Repair;
import dev.connectionregistry.settings.DatabaseName;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Repairs a database whose current settings can't be used. */
@Command(
        name = "repair",
        description = {
            "Replaces current settings that can't be read, or whose version is so far above the one before that"
                    + " instances refuse it. Instances keep their settings meanwhile and follow the version that this"
                    + " writes: the content of the newest plausible version in the history, or of --to, numbered one"
                    + " above everything in history and reports. Writes only if the item has not changed since it was"
                    + " read."
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin repair orders --dry-run",
            "  registry-admin repair orders --to 4 --reason 'a version was forged'"
        })
public final class RepairCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--to", paramLabel = "N", description = "take the content of this version")
    private Optional<Long> to = Optional.empty();

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    private final RepairSettings repairs;
    private final Console console;

    @Inject
    RepairCommand(RepairSettings repairs, Console console) {
        this.repairs = repairs;
        this.console = console;
    }

    @Override
    public void run() {
        Repair repair = repairs.run(writing.request(Objects.requireNonNull(database)), to);
        if (console.json()) {
            console.printJson(document(repair));
        } else {
            console.print(lines(repair));
        }
    }

    private static List<String> lines(Repair repair) {
        List<String> lines = new ArrayList<>();
        lines.add("the current item"
                + repair.before().map(version -> " (version " + version + ")").orElse("") + " can't be used: "
                + repair.wrong());
        lines.add((repair.written() ? "" : "dry run, nothing was written; would be ") + "replaced by version "
                + repair.after().version() + ", with the content of version " + repair.from() + ": "
                + repair.after().settings().endpoint());
        repair.ahead().forEach(name -> lines.add(name + " has seen a higher version and ignores this one: restart it"));
        return lines;
    }

    private static Map<String, Object> document(Repair repair) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("problem", repair.wrong());
        repair.before().ifPresent(version -> document.put("before", version));
        document.put("from", repair.from());
        document.put("after", Documents.settings(repair.after()));
        document.put("written", repair.written());
        document.put("ahead", repair.ahead());
        return document;
    }
}
