package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.ProblemText;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetHealth.Health;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeResult;
import dev.connectionregistry.admin.settings.SettingsDiff;
import dev.connectionregistry.registry.ItemsRead;
import dev.connectionregistry.registry.ItemsRead.Unreadable;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.registry.RegistryAdministration.Listed;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Prints the results of the commands, as text or as documents. */
public final class Results {
    private final Console console;

    @Inject
    public Results(Console console) {
        this.console = console;
    }

    public void settings(VersionedSettings settings) {
        if (console.json()) {
            console.printJson(Documents.settings(settings));
            return;
        }
        List<String> lines = new ArrayList<>();
        lines.add(bold(
                settings.database() + ", version " + settings.version() + (settings.removed() ? " (removed)" : "")));
        Map<String, String> attributes = SettingsDiff.attributes(settings.settings());
        if (settings.reportPartitions() > 1) {
            attributes.put("reportPartitions", Integer.toString(settings.reportPartitions()));
        }
        int width = attributes.keySet().stream().mapToInt(String::length).max().orElse(0);
        attributes.forEach((name, value) -> lines.add("  " + name + " ".repeat(width - name.length()) + "  "
                + TextTable.printable(
                        name.equals("pollInterval")
                                ? settings.settings().polling().toString()
                                : value)));
        TransitionText.lines(settings)
                .forEach(line -> lines.add(Tone.WARN.paint("  " + TextTable.printable(line), console.coloredOutput())));
        lines.add("  changed " + changed(settings));
        console.print(lines);
    }

    private static String changed(VersionedSettings settings) {
        String reason = settings.change().reason();
        return TextTable.printable(
                settings.change().at() + " by " + settings.change().by() + (reason.isEmpty() ? "" : ": " + reason));
    }

    public void list(ItemsRead<Listed> read, Map<DatabaseName, Health> fleets) {
        List<Listed> databases = read.items();
        if (console.json()) {
            console.printJson(databases.stream()
                    .map(each -> listedDocument(each, health(fleets, each)))
                    .toList());
            warnOf(read.unreadable());
            return;
        }
        TextTable table = new TextTable(List.of(
                new Column("DATABASE", 8, 100),
                new Column("VERSION", 7, 70),
                new Column("ENDPOINT", 12, 90),
                new Column("USERNAME", 8, 50),
                new Column("FLEET", 7, 95),
                new Column("POLL", 4, 80),
                new Column("CHANGED", 20, 40),
                new Column("BY", 6, 30)));
        databases.forEach(each -> listedRow(table, each, health(fleets, each)));
        console.print(table.lines(console.outputWidth(), console.coloredOutput()));
        if (databases.isEmpty()) {
            console.say("the registry is empty");
        }
        fleets.values().stream()
                .flatMap(each -> each.unknown().stream())
                .findFirst()
                .ifPresent(why -> console.warn("not all of the fleets are known: " + TextTable.printable(why)));
        warnOf(read.unreadable());
    }

    private static Health health(Map<DatabaseName, Health> fleets, Listed listed) {
        return Objects.requireNonNull(fleets.get(listed.database()), "looked at before");
    }

    private static Cell fleet(Health fleet) {
        if (fleet.unknown().isPresent()) {
            return new Cell("unknown", Tone.WARN);
        }
        String text = fleet.live() + " live"
                + (fleet.troubled() > 0 ? ", " + Plural.of(fleet.troubled(), "problem") : "")
                + (fleet.silent() > 0 ? ", " + fleet.silent() + " silent" : "")
                + (fleet.unreadable() > 0 ? ", " + fleet.unreadable() + " unreadable" : "");
        return new Cell(text, fleet.troubled() > 0 ? Tone.BAD : fleet.needsALook() ? Tone.WARN : Tone.PLAIN);
    }

    /** Reports on stderr what isn't shown. */
    private void warnOf(List<Unreadable> unreadable) {
        ProblemText.unreadable(unreadable, Integer.MAX_VALUE, false).forEach(console::warn);
    }

    private static Object listedDocument(Listed listed, Health fleet) {
        Map<String, Object> document = new LinkedHashMap<>(
                listed.result() instanceof ReadResult.Found found
                        ? Documents.settings(found.settings())
                        : Map.of("database", listed.database().value(), "problem", problem(listed)));
        document.put(Documents.FLEET, Documents.fleet(fleet));
        return document;
    }

    private static String problem(Listed listed) {
        return listed.result() instanceof ReadResult.Malformed malformed ? malformed.problem() : "can't be read";
    }

    private static void listedRow(TextTable table, Listed listed, Health fleet) {
        if (listed.result() instanceof ReadResult.Found found) {
            VersionedSettings settings = found.settings();
            table.row(
                    Cell.of(settings.database()),
                    Cell.of(settings.version()),
                    new Cell(
                            TransitionText.endpoints(settings),
                            settings.transition().isPresent() ? Tone.WARN : Tone.PLAIN),
                    Cell.of(settings.settings().username()),
                    fleet(fleet),
                    new Cell(
                            settings.settings().polling().toString(),
                            settings.settings().polling().isTemporary() ? Tone.WARN : Tone.PLAIN),
                    Cell.of(settings.change().at()),
                    Cell.of(settings.change().by()));
        } else {
            Cell none = Cell.of("-");
            table.row(
                    Cell.of(listed.database()),
                    none,
                    new Cell("unusable: " + problem(listed), Tone.BAD),
                    none,
                    fleet(fleet),
                    none,
                    none,
                    none);
        }
    }

    /** Versions, newest first. */
    public void history(List<HistoryEntry> versions, List<Unreadable> unreadable) {
        if (console.json()) {
            console.printJson(versions.stream().map(Documents::history).toList());
            warnOf(unreadable);
            return;
        }
        TextTable table = new TextTable(List.of(
                new Column("VERSION", 7, 100),
                new Column("CHANGED", 20, 60),
                new Column("BY", 6, 70),
                new Column("ENDPOINT", 12, 90),
                new Column("POLL", 4, 50),
                new Column("CHANGE", 12, 85),
                new Column("REASON", 8, 80)));
        versions.forEach(version -> pastRow(table, version));
        console.print(table.lines(console.outputWidth(), console.coloredOutput()));
        warnOf(unreadable);
    }

    private static void pastRow(TextTable table, HistoryEntry past) {
        VersionedSettings version = past.settings();
        table.row(
                Cell.of(version.version()),
                Cell.of(version.change().at()),
                Cell.of(version.change().by()),
                version.removed()
                        ? new Cell("(removed)", Tone.WARN)
                        : Cell.of(version.settings().endpoint()),
                Cell.of(version.settings().polling()),
                Cell.of(past.change()),
                Cell.of(version.change().reason()));
    }

    /** The differences between two versions. */
    public void differences(List<SettingsDiff.Difference> differences) {
        if (console.json()) {
            console.printJson(Documents.differences(differences));
        } else if (differences.isEmpty()) {
            console.say("no difference");
        } else {
            console.print(lines(differences));
        }
    }

    private List<String> lines(List<SettingsDiff.Difference> differences) {
        return differences.stream()
                .map(each -> "  " + TextTable.printable(each.name()) + ": "
                        + Tone.BAD.paint(TextTable.printable(each.before().orElse("(none)")), console.coloredOutput())
                        + " -> "
                        + Tone.GOOD.paint(TextTable.printable(each.after().orElse("(none)")), console.coloredOutput()))
                .toList();
    }

    /** A plain write, or what would be written. */
    public void change(ChangeResult change) {
        if (console.json()) {
            console.printJson(Documents.change(change));
        } else {
            changed(change, change.after());
        }
    }

    /** The text of a change that made {@code last} the newest version. */
    public void changed(ChangeResult change, VersionedSettings last) {
        List<String> lines = new ArrayList<>();
        String name = last.database().value();
        if (change.differences().isEmpty()) {
            lines.add(name + " already has this content (version " + last.version() + "); nothing to write");
        } else {
            lines.add(bold(
                    change.written()
                            ? name + " is at version " + last.version()
                            : "dry run, nothing was written; " + name + " would be at version " + last.version()));
        }
        lines.addAll(lines(change.differences()));
        console.print(lines);
    }

    private String bold(String text) {
        return Tone.BOLD.paint(text, console.coloredOutput());
    }
}
