package dev.connectionregistry.admin.replication.setup;

import java.util.List;

/** Receives the progress, on the thread that works. */
public interface SetupObserver {
    /** Something was done, or is in progress. */
    void say(String text);

    /** Something may need a person's attention. */
    void warn(String text);

    /** The progress of the tables that are being copied now. */
    void progress(List<CopyProgress> copies);
}
