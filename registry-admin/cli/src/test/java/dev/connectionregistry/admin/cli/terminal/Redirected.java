package dev.connectionregistry.admin.cli.terminal;

import dev.connectionregistry.admin.cli.terminal.Console.OutputSettings;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A console without a terminal, whose talk is kept. */
public final class Redirected {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    public final Console console = new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Terminal.NONE,
            Map.of(),
            () -> new OutputSettings(false, false, OutputSettings.Color.NEVER));

    /** What was told. */
    public String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
