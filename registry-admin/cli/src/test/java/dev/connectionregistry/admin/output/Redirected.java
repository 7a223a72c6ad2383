package dev.connectionregistry.admin.output;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A console without a terminal, whose talk is kept. */
final class Redirected {
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    final Console console = new Console(
            new ByteArrayInputStream(new byte[0]),
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            Terminal.NONE,
            Map.of(),
            () -> new OutputSettings(false, false, OutputSettings.Color.NEVER));

    /** What was told. */
    String told() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
