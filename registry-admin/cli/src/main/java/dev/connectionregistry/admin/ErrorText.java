package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.registry.RegistryException;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * An error as it is shown: a code for programs; what happened and what to do next for people.
 *
 * @param code such as {@code conflict}
 * @param message what happened; may have several lines
 * @param next what to do next; may be empty
 */
record ErrorText(String code, String message, String next) {
    /** The text of an error; {@code arguments} are the program's arguments, {@code prefix} is how it was called. */
    static ErrorText of(Throwable error, List<String> arguments, String prefix) {
        if (error instanceof OperationException operation) {
            return new ErrorText(operation.reason().code(), text(error), operation.next());
        }
        if (error instanceof RegistryException registry) {
            String code = registry.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
            return new ErrorText(code, text(error), next(registry.kind(), prefix));
        }
        if (error instanceof InvalidSettingsException invalid) {
            return new ErrorText("usage", String.join("\n", invalid.problems()), "");
        }
        if (error instanceof ParameterException parameter) {
            Optional<SubcommandSuggestion> meant = SubcommandSuggestion.of(parameter, arguments);
            if (meant.isPresent()) {
                return new ErrorText("usage", meant.get().message(), meant.get().next());
            }
            Optional<OptionSuggestion> option = OptionSuggestion.of(parameter, arguments);
            if (option.isPresent()) {
                return new ErrorText(
                        "usage", option.get().message(), option.get().next());
            }
            String command = parameter.getCommandLine().getCommandSpec().qualifiedName();
            return new ErrorText(
                    "usage",
                    usage(parameter, arguments),
                    meantCommand(parameter)
                            .map(name -> "did you mean " + name + "?")
                            .orElse(command + " --help"));
        }
        return new ErrorText(
                "unexpected",
                "this should not have happened: " + error.getClass().getSimpleName() + ": " + text(error),
                "run the command again with --verbose and report its output");
    }

    private static String text(Throwable error) {
        return String.valueOf(error.getMessage());
    }

    private static String next(RegistryException.Kind kind, String prefix) {
        return switch (kind) {
            case TABLE_MISSING -> prefix + " init";
            case UNREACHABLE, DENIED -> prefix + " doctor";
            case THROTTLED, OUTCOME_UNKNOWN -> "check the current state, then run the command again";
            case INVALID -> "";
        };
    }

    /**
     * The command that was meant by an unknown word. Picocli's guesses may be far off, so the beginning or the end must
     * match.
     */
    private static Optional<String> meantCommand(ParameterException error) {
        if (!(error instanceof UnmatchedArgumentException unmatched)
                || error.getCommandLine().getParent() != null) {
            return Optional.empty();
        }
        String word = unmatched.getUnmatched().get(0);
        int certain = Math.max(2, word.length() / 2);
        return unmatched.getSuggestions().stream()
                .filter(name -> !word.startsWith("-")
                        && Math.abs(name.length() - word.length()) <= 2
                        && (name.regionMatches(0, word, 0, certain)
                                || name.regionMatches(name.length() - certain, word, word.length() - certain, certain)))
                .findFirst();
    }

    /** Picocli's message, unless it would repeat a possible password. */
    private static String usage(ParameterException error, List<String> arguments) {
        if (error instanceof MissingParameterException) {
            return arguments.stream()
                    .filter(each -> each.matches("-\\d.*"))
                    .findFirst()
                    .map(each -> "'" + each + "' is negative; write a positive value")
                    .orElse(text(error));
        }
        if (!(error instanceof UnmatchedArgumentException unmatched)) {
            return text(error);
        }
        String first = unmatched.getUnmatched().get(0);
        if (first.startsWith("-")) {
            int equals = first.indexOf('=');
            return "there is no option '" + (equals < 0 ? first : first.substring(0, equals)) + "'";
        }
        boolean mayBePassword = arguments.stream()
                .anyMatch(each -> each.toLowerCase(Locale.ROOT).startsWith("--pass"));
        if (mayBePassword) {
            return "there is one argument too many (not repeated here, it may be a password)";
        }
        return error.getCommandLine().getParent() == null ? "there is no command '" + first + "'" : text(error);
    }

    Map<String, Object> document() {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", code);
        error.put("message", message);
        error.put("next", next);
        return Map.of("error", error);
    }
}
