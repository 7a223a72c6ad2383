package dev.connectionregistry.settings;

import java.util.List;

/**
 * A value that settings can't have. Carries every problem that was found, not only the first; the message names each
 * value and says what is allowed instead. Never contains a secret.
 */
public final class InvalidSettingsException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    /** For one problem. */
    public InvalidSettingsException(String problem) {
        this(List.of(problem));
    }

    /** For all problems of one set of settings; {@code problems} must not be empty. */
    public InvalidSettingsException(List<String> problems) {
        super(String.join("; ", problems));
        this.problems = List.copyOf(problems);
    }

    /** Each problem as a separate sentence, in the order found. */
    public List<String> problems() {
        return problems == null ? List.of(String.valueOf(getMessage())) : problems;
    }
}
