package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.SimilarNames;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * A mistyped option. If the intended option is required, picocli reports it as missing.
 *
 * @param typed the word, without a value
 * @param name the option that was meant
 */
record OptionSuggestion(String typed, String name) {
    /**
     * Looks for a mistyped option in {@code arguments}, all the program's arguments; empty if none resembles an option
     * of the command.
     */
    static Optional<OptionSuggestion> of(ParameterException error, List<String> arguments) {
        if (!(error instanceof UnmatchedArgumentException || error instanceof MissingParameterException)) {
            return Optional.empty();
        }
        CommandSpec command = error.getCommandLine().getCommandSpec();
        Set<String> known = command.optionsMap().keySet();
        Set<String> shown = command.options().stream()
                .filter(each -> !each.hidden())
                .flatMap(each -> List.of(each.names()).stream())
                .filter(each -> each.startsWith("--"))
                .collect(Collectors.toSet());
        return arguments.stream()
                .filter(each -> each.matches("--[a-zA-Z].*"))
                .map(OptionSuggestion::withoutValue)
                .filter(each -> !known.contains(each))
                .findFirst()
                .flatMap(typed -> SimilarNames.to(typed, shown).stream()
                        .findFirst()
                        .map(name -> new OptionSuggestion(typed, name)));
    }

    /** The text after an equals sign may be a password. */
    private static String withoutValue(String word) {
        int equals = word.indexOf('=');
        return equals < 0 ? word : word.substring(0, equals);
    }

    String message() {
        return "there is no option '" + typed + "'";
    }

    String next() {
        return "did you mean " + name + "?";
    }
}
