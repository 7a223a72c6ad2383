package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.operation.OperationException;
import dev.connectionregistry.admin.output.Console;
import dev.connectionregistry.admin.output.Tone;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryAdministration.AccessCheck;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;

/** Checks whether this machine can do an operator's work. */
@Command(
        name = "doctor",
        description = "Checks whether this machine can reach the table, and with which rights. Changes nothing.",
        footer = {"", "Example:", "  registry-admin doctor --profile production"})
public final class DoctorCommand implements Runnable {
    private final RegistryAdministration registry;
    private final Console console;

    @Inject
    DoctorCommand(RegistryAdministration registry, Console console) {
        this.registry = registry;
        this.console = console;
    }

    @Override
    public void run() {
        List<AccessCheck> checks = registry.checkAccess();
        if (console.json()) {
            console.printJson(Map.of(
                    "registry", registry.describe(),
                    "checks",
                            checks.stream()
                                    .map(check ->
                                            Map.of("what", check.what(), "ok", check.ok(), "detail", check.detail()))
                                    .toList()));
        } else {
            List<String> lines = new ArrayList<>(List.of(registry.describe()));
            checks.forEach(check -> lines.add(line(check)));
            console.print(lines);
        }
        long failed = checks.stream().filter(check -> !check.ok()).count();
        if (failed > 0) {
            throw new OperationException(
                    OperationException.Reason.FAILED, failed + " of " + checks.size() + " checks failed", "");
        }
    }

    private String line(AccessCheck check) {
        Tone tone = check.ok() ? Tone.GOOD : Tone.BAD;
        return tone.paint(check.ok() ? "PASS" : "FAIL", console.coloredOutput()) + "  " + check.what() + ": "
                + check.detail();
    }
}
