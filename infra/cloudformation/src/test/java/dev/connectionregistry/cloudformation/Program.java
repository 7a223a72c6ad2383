package dev.connectionregistry.cloudformation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Main;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.cloudformation.calls.CallRecorder;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** registry-admin in this process, on the real table of a local server, with the access key of one role. */
final class Program {
    private final URI endpoint;
    private final CommandTree tree = new CommandTree();
    private final Set<String> ran = new TreeSet<>();
    private final List<String> printed = new ArrayList<>();

    Program(URI endpoint) {
        this.endpoint = endpoint;
    }

    /** All that the commands printed, stack traces included. */
    List<String> printed() {
        return List.copyOf(printed);
    }

    /** The commands that were run and asked the table for something, each as {@code PROFILE: COMMAND}. */
    Set<String> ran() {
        return Set.copyOf(ran);
    }

    /**
     * Runs a line, which must end with this code and ask something of the table.
     *
     * @return what it printed on stdout
     */
    String run(String profile, int code, String line) {
        List<String> words = List.of(line.split(" ", -1));
        List<String> arguments = new ArrayList<>(words);
        arguments.add("--verbose");
        arguments.addAll(place(profile));
        int before = CallRecorder.callsOf(key(profile)).size();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int ended = new Main(
                        InputStream.nullInputStream(),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        Terminal.NONE,
                        Map.of("REGISTRY_CHANGED_BY", "tester@here"),
                        new SystemTiming())
                .run(arguments.toArray(String[]::new));
        String said = out.toString(StandardCharsets.UTF_8);
        printed.add(said + err.toString(StandardCharsets.UTF_8));
        assertThat(ended)
                .as(line + "\n" + said + err.toString(StandardCharsets.UTF_8))
                .isEqualTo(code);
        assertThat(CallRecorder.callsOf(key(profile)).size())
                .as("calls of '" + line + "' to the table")
                .isGreaterThan(before);
        ran.add(profile + ": " + tree.named(words));
        return said;
    }

    /** Where the table is, as options. */
    List<String> place(String profile) {
        return List.of("--endpoint-url", endpoint.toString(), "--profile", profile, "--region", "eu-central-1");
    }

    /** The access key of a profile in the test's own credentials file. */
    static String key(String profile) {
        return profile.toUpperCase(Locale.ROOT);
    }
}
