package dev.connectionregistry.admin.replication.setup;

import java.util.List;

/** Receives the progress, on the thread that works. */
public interface SetupObserver {
    /** Something was done, or goes on. */
    void say(String text);

    /** Something may need somebody to look at it. */
    void warn(String text);

    /** How the tables stand that are being copied now. */
    void progress(List<CopyProgress> copies);
}
