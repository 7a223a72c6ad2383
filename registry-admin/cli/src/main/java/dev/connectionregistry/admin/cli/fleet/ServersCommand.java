package dev.connectionregistry.admin.cli.fleet;

import dev.connectionregistry.admin.cli.settings.Documents;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.TextTable.Cell;
import dev.connectionregistry.admin.cli.terminal.TextTable.Column;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.fleet.FleetHealth.Health;
import dev.connectionregistry.admin.fleet.ServerMap.NameThere;
import dev.connectionregistry.admin.fleet.ServerMap.Server;
import dev.connectionregistry.admin.settings.ServerFinder;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Shows the servers, and the names on each. */
@Command(
        name = "servers",
        description = {
            "Shows the servers in settings and those that live instances use, with the Postgres databases and the names"
                    + " on each. Two addresses are shown as one server if instances report that both lead to it."
                    + " Connects to no server."
        },
        footer = {"", "Examples:", "  registry-admin servers", "  registry-admin list --server db1.internal:5432"})
public final class ServersCommand implements Runnable {
    private final ServerFinder finder;
    private final Console console;

    @Inject
    ServersCommand(ServerFinder finder, Console console) {
        this.finder = finder;
        this.console = console;
    }

    @Override
    public void run() {
        ServerFinder.Servers found = finder.all();
        found.leftOut().forEach(each -> console.warn(each.warning()));
        List<Server> servers = found.map().servers();
        if (console.json()) {
            console.printJson(servers.stream().map(ServersCommand::document).toList());
            return;
        }
        if (servers.isEmpty()) {
            console.say(found.leftOut().isEmpty() ? "the registry is empty" : "no name of the registry can be used");
            return;
        }
        TextTable table = new TextTable(List.of(
                new Column("SERVER", 12, 100),
                new Column("DATABASE", 8, 90),
                new Column("NAME", 8, 95),
                new Column("LIVE", 4, 85),
                new Column("FLEET", 7, 70)));
        servers.forEach(server -> rows(table, server));
        List<String> lines = new ArrayList<>(table.lines(console.outputWidth(), console.coloredOutput()));
        servers.stream()
                .filter(server -> !server.otherNames().isEmpty())
                .map(server -> server.name() + " is also " + String.join(", ", server.otherNames())
                        + ", by the settings or the reports of instances")
                .map(TextTable::printable)
                .forEach(lines::add);
        console.print(lines);
    }

    private static void rows(TextTable table, Server server) {
        String first = server.name();
        String above = "";
        for (NameThere name : server.names()) {
            boolean sameDatabase = name.postgresDatabase().equals(above);
            table.row(
                    Cell.of(first),
                    Cell.of(sameDatabase ? "" : name.postgresDatabase()),
                    Cell.of(name.fleet().name()),
                    Cell.of(name.instances().size()),
                    state(name));
            first = "";
            above = name.postgresDatabase();
        }
    }

    private static Cell state(NameThere name) {
        Health health = name.fleet().look().health();
        if (health.unknown().isPresent()) {
            return new Cell("unknown: " + health.unknown().get(), Tone.WARN);
        }
        if (!name.bySettings()) {
            return new Cell("its settings say " + name.fleet().endpoint(), Tone.WARN);
        }
        int elsewhere = health.live() - name.instances().size();
        String text = (health.troubled() > 0 ? Plural.of(health.troubled(), "problem") : "")
                + (elsewhere > 0 ? (health.troubled() > 0 ? ", " : "") + elsewhere + " on another server" : "");
        return new Cell(
                text.isEmpty() ? "-" : text, health.troubled() > 0 ? Tone.BAD : elsewhere > 0 ? Tone.WARN : Tone.PLAIN);
    }

    private static Map<String, Object> document(Server server) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("server", server.name());
        document.put("alsoCalled", List.copyOf(server.otherNames()));
        server.systemIdentifier().ifPresent(identifier -> document.put("systemIdentifier", identifier));
        document.put(
                "names", server.names().stream().map(ServersCommand::document).toList());
        return document;
    }

    private static Map<String, Object> document(NameThere name) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", name.fleet().name().value());
        document.put("postgresDatabase", name.postgresDatabase());
        document.put("endpoint", name.fleet().endpoint().toString());
        document.put("bySettings", name.bySettings());
        document.put("instances", name.instances());
        document.put(Documents.FLEET, Documents.fleet(name.fleet().look().health()));
        return document;
    }
}
