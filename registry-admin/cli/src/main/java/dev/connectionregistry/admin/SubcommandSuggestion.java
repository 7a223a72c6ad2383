package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.SimilarNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A subcommand that was mistyped where a command takes an argument as well: what is left over then is a word that was right.
 *
 * @param command the command that has it, as it is typed: {@code cutover}
 * @param typed what was typed
 * @param name what was meant
 */
record SubcommandSuggestion(String command, String typed, String name) {
    /** Out of {@code arguments}, which are all that the program was given; empty unless a word is nearly the name of one. */
    static Optional<SubcommandSuggestion> of(ParameterException error, List<String> arguments) {
        CommandLine line = error.getCommandLine();
        Set<String> names = line.getSubcommands().keySet();
        int at = arguments.indexOf(line.getCommandName());
        if (error.getArgSpec() != null || line.getParent() == null || at < 0) {
            return Optional.empty();
        }
        return arguments.stream()
                .skip(at + 1L)
                .findFirst()
                .filter(typed -> !typed.startsWith("-"))
                .flatMap(typed -> SimilarNames.to(typed, names).stream()
                        .findFirst()
                        .map(name -> new SubcommandSuggestion(line.getCommandName(), typed, name)));
    }

    String message() {
        return "there is no command '" + command + " " + typed + "'";
    }

    String next() {
        return "did you mean " + command + " " + name + "?";
    }
}
