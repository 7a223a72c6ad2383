package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.SimilarNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/**
 * A mistyped subcommand of a command that also takes an argument: picocli then reports a later, correct word as
 * superfluous.
 *
 * @param command the command that has the subcommand, as it is typed: {@code cutover}
 * @param typed the word
 * @param name the subcommand that was meant
 */
record SubcommandSuggestion(String command, String typed, String name) {
    /**
     * Looks for a mistyped subcommand in {@code arguments}, all the program's arguments; empty unless a word resembles
     * one.
     */
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
