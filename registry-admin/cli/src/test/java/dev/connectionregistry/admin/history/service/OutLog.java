package dev.connectionregistry.admin.history.service;

import dev.connectionregistry.admin.history.check.HistoryLine;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Standard output, a line at a time, without a buffer: what was told has left this process, also if it is killed the next
 * moment. Each line is one write of less than a pipe takes in one piece, so threads don't need to wait for each other.
 * Thread-safe. When nobody reads any more the process ends.
 */
final class OutLog {
    private static final int LONGEST_DETAIL = 600;

    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

    void tell(HistoryLine line) {
        try {
            out.write((line.text() + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException nobodyReads) {
            Runtime.getRuntime().halt(HistoryService.ABANDONED);
        }
    }

    /** Cut to what fits into a line, escapes included. */
    static String fitting(String detail) {
        return detail.length() <= LONGEST_DETAIL ? detail : detail.substring(0, LONGEST_DETAIL) + "...";
    }
}
