package dev.connectionregistry.containers;

import dev.connectionregistry.admin.Main;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.registry.dynamodb.TableLocation;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code registry-admin} in this process, on a table that its options name, with its streams captured. */
final class AdminProgram {
    private final TableLocation table;

    AdminProgram(TableLocation table) {
        this.table = table;
    }

    /** The result of a run. */
    record Run(int code, String out, String err) {}

    /** Runs a command; arguments are separated by single blanks. */
    Run run(String line) {
        List<String> arguments = new ArrayList<>(List.of(
                "--table",
                table.table(),
                "--region",
                table.region().orElseThrow(),
                "--endpoint-url",
                table.endpointUrl().map(URI::toString).orElseThrow()));
        arguments.addAll(List.of(line.split(" ", -1)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Main(
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Terminal.NONE,
                        Map.of("REGISTRY_CHANGED_BY", "tester@here"),
                        new SystemTiming())
                .run(arguments.toArray(String[]::new));
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
