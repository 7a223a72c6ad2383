package dev.connectionregistry.admin;

import com.google.inject.Module;
import com.google.inject.util.Modules;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.preflight.ScriptedChecks;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Runs the program in this process, on a registry of the test's, with its streams captured. */
public final class Terminalless {
    private final Module registry;
    private Terminal terminal = Terminal.NONE;
    private String input = "";
    private SystemTiming timing = new SystemTiming();
    private final Map<String, String> environment = new HashMap<>(Map.of("REGISTRY_CHANGED_BY", "tester@here"));

    /** On {@code registry}, with servers that only remember what was asked of them. */
    public Terminalless(RegistryAdministration registry) {
        this(registry, new FakeServers(new Script()));
    }

    /** On {@code registry}, which keeps cutovers too if it can, and {@code servers}. */
    public Terminalless(RegistryAdministration registry, CutoverServers servers) {
        this(registry, servers, new ScriptedChecks());
    }

    /** The same, with checks of the servers that are the caller's. */
    public Terminalless(RegistryAdministration registry, CutoverServers servers, ServerChecks checks) {
        CutoverRegistry cutovers = registry instanceof CutoverRegistry both ? both : new InMemoryRegistry();
        this.registry = Modules.override(new ServersModule()).with(binder -> {
            binder.bind(RegistryAdministration.class).toInstance(registry);
            binder.bind(CutoverRegistry.class).toInstance(cutovers);
            binder.bind(CutoverServers.class).toInstance(servers);
            binder.bind(ServerChecks.class).toInstance(checks);
        });
    }

    /** The result of a run. */
    public record Run(int code, String out, String err) {}

    /** With this on stdin. */
    public Terminalless input(String text) {
        input = text;
        return this;
    }

    /** With these streams being terminals. */
    public Terminalless terminal(Terminal which) {
        terminal = which;
        return this;
    }

    /** With this variable in the environment. */
    public Terminalless variable(String name, String value) {
        environment.put(name, value);
        return this;
    }

    /** With clocks whose stop is the test's to ask for. */
    public Terminalless timing(SystemTiming which) {
        timing = which;
        return this;
    }

    /** Runs it. */
    public Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int code = new Main(
                        new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                        new PrintStream(out, true, StandardCharsets.UTF_8),
                        new PrintStream(err, true, StandardCharsets.UTF_8),
                        terminal,
                        environment,
                        timing)
                .run(registry, arguments);
        return new Run(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
