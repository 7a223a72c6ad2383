package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.OperatorDefaults;
import dev.connectionregistry.admin.cli.options.OperatorDefaults.Default;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.TextTable;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.settings.BoundsPreview;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.RegistryAdministration.AccessCheck;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;

/** Checks whether this machine can do an operator's work. */
@Command(
        name = "doctor",
        description = {
            "Checks whether this machine can reach the table, and with which rights. Shows this program's bounds for"
                    + " logins (REGISTRY_ADMIN_ALLOW_ENDPOINTS, _ALLOW_SECRETS, _REQUIRE_TLS,"
                    + " _ALLOW_CLEARTEXT_PASSWORDS, _ALLOW_DRIVER_PROPERTIES), and which current settings it or an"
                    + " instance would refuse. Shows the defaults of options that apply, and where each comes from."
                    + " Changes nothing."
        },
        footer = {"", "Example:", "  registry-admin doctor --profile production"})
public final class DoctorCommand implements Runnable {
    /** The beginning of a check's detail if it would only have repeated an earlier failure. */
    private static final String NOT_TRIED = "not tried";

    /** In the detail of a check that init fixes: there is no table, or its time to live is off. */
    private static final String ADVISES_INIT = "run 'registry-admin init'";

    private enum CheckState {
        PASS,
        FAIL,
        SKIP
    }

    private final RegistryAdministration registry;
    private final Console console;
    private final CommandText commands;
    private final BoundsPreview bounds;
    private final OperatorDefaults defaults;

    @Inject
    DoctorCommand(
            RegistryAdministration registry,
            BoundsPreview bounds,
            OperatorDefaults defaults,
            Console console,
            CommandText commands) {
        this.bounds = bounds;
        this.defaults = defaults;
        this.registry = registry;
        this.console = console;
        this.commands = commands;
    }

    @Override
    public void run() {
        List<AccessCheck> checks = registry.checkAccess();
        List<AccessCheck> failed = checks.stream()
                .filter(check -> outcome(check) == CheckState.FAIL)
                .toList();
        List<BoundsPreview.Refused> refused = failed.isEmpty() ? bounds.refused() : List.of();
        if (console.json()) {
            console.printJson(Map.of(
                    "registry", registry.describe(),
                    "checks", checks.stream().map(DoctorCommand::document).toList(),
                    "defaults",
                            defaults.inForce().stream()
                                    .map(DoctorCommand::document)
                                    .toList(),
                    "bounds", bounds.inForce(),
                    "refused", refused.stream().map(DoctorCommand::document).toList()));
        } else {
            List<String> lines = new ArrayList<>(List.of(registry.describe()));
            checks.forEach(check -> lines.add(line(check)));
            lines.addAll(defaults());
            lines.add("This program logs in within these bounds:");
            bounds.inForce().forEach(bound -> lines.add("  " + bound));
            refused.forEach(each -> lines.add(Tone.BAD.paint("REFUSED", console.coloredOutput()) + "  "
                    + each.database() + ": " + each.problem()));
            console.print(lines);
        }
        if (!failed.isEmpty()) {
            long skipped = checks.stream()
                    .filter(check -> outcome(check) == CheckState.SKIP)
                    .count();
            throw new OperationException(
                    OperationException.Reason.FAILED,
                    failed.size() + " of " + checks.size() + " checks failed"
                            + (skipped == 0 ? "" : ", " + skipped + " were not tried"),
                    failed.stream().anyMatch(check -> check.detail().contains(ADVISES_INIT))
                            ? commands.command("init")
                            : "");
        }
    }

    private List<String> defaults() {
        List<Default> all = defaults.inForce();
        List<String> lines = new ArrayList<>();
        if (all.isEmpty()) {
            defaults.place()
                    .ifPresent(place -> lines.add("Defaults of options: none, neither in variables nor in " + place));
        } else {
            lines.add("Defaults of options (an option on the command line takes precedence):");
        }
        all.forEach(each -> lines.add("  " + each.name() + " = " + each.value() + "  (" + each.origin() + ")"));
        return lines.stream().map(TextTable::printable).toList();
    }

    private static Map<String, Object> document(Default inForce) {
        return Map.of("name", inForce.name(), "value", inForce.value(), "from", inForce.origin());
    }

    private static CheckState outcome(AccessCheck check) {
        if (check.ok()) {
            return CheckState.PASS;
        }
        return check.detail().startsWith(NOT_TRIED) ? CheckState.SKIP : CheckState.FAIL;
    }

    private String line(AccessCheck check) {
        CheckState outcome = outcome(check);
        Tone tone =
                switch (outcome) {
                    case PASS -> Tone.GOOD;
                    case FAIL -> Tone.BAD;
                    case SKIP -> Tone.FAINT;
                };
        String detail = outcome == CheckState.SKIP ? NOT_TRIED : check.detail();
        return tone.paint(outcome.name(), console.coloredOutput()) + "  " + check.what() + ": " + detail;
    }

    private static Map<String, Object> document(BoundsPreview.Refused refused) {
        return Map.of("database", refused.database().value(), "problem", refused.problem());
    }

    private static Map<String, Object> document(AccessCheck check) {
        return Map.of(
                "what",
                check.what(),
                "ok",
                check.ok(),
                "outcome",
                outcome(check).name().toLowerCase(Locale.ROOT),
                "detail",
                check.detail());
    }
}
