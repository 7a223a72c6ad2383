package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.common.OperationException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Describes what went wrong with a file. */
public final class FileProblems {
    private FileProblems() {}

    public static OperationException of(String what, Path file, IOException cause) {
        return of(what, file, "", cause);
    }

    /** The error, with what to do if the file doesn't exist. */
    public static OperationException of(String what, Path file, String ifMissing, IOException cause) {
        String why;
        String next = cause instanceof NoSuchFileException ? ifMissing : "";
        if (cause instanceof NoSuchFileException) {
            why = "there is no such file or folder";
        } else if (cause instanceof AccessDeniedException) {
            why = "permission denied";
        } else {
            why = String.valueOf(cause.getMessage());
        }
        return new OperationException(OperationException.Reason.FAILED, what + " " + file + ": " + why, next, cause);
    }
}
