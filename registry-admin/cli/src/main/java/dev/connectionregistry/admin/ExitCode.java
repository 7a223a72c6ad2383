package dev.connectionregistry.admin;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.settings.InvalidSettingsException;
import picocli.CommandLine.ParameterException;

/** The program's exit codes. */
public enum ExitCode {
    /** The command did what it was asked to do. */
    DONE(0),
    /** It failed; if anything is half done, a message says so. */
    FAILED(1),
    /** The arguments, or a document, are invalid; nothing was contacted. */
    USAGE(2),
    /** Somebody else wrote first. */
    CONFLICT(3),
    /** The fleet did not follow in time. */
    NOT_CONVERGED(4),
    /** Something failed and everything was undone. */
    UNDONE(5),
    /** Stopped by Ctrl-C. */
    INTERRUPTED(130);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static ExitCode of(Throwable error) {
        if (error instanceof ParameterException || error instanceof InvalidSettingsException) {
            return USAGE;
        }
        if (error instanceof OperationException operation) {
            return switch (operation.reason()) {
                case CONFLICT -> CONFLICT;
                case NOT_CONVERGED -> NOT_CONVERGED;
                case INTERRUPTED -> INTERRUPTED;
                case UNDONE -> UNDONE;
                default -> FAILED;
            };
        }
        return FAILED;
    }
}
