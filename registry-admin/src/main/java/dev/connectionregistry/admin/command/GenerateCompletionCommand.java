package dev.connectionregistry.admin.command;

import dev.connectionregistry.admin.output.Console;
import jakarta.inject.Inject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints the script that completes this program's arguments in a shell. */
@Command(
        name = "generate-completion",
        description = "Prints a script that completes the arguments in bash or zsh.",
        footer = {"", "Example:", "  source <(registry-admin generate-completion)"})
public final class GenerateCompletionCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    private final Console console;

    @Inject
    GenerateCompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public void run() {
        CommandSpec root = Objects.requireNonNull(spec).root();
        console.print(AutoComplete.bash("registry-admin", root.commandLine()));
    }
}
