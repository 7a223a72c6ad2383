package dev.connectionregistry.admin.preflight;

/** Receives the progress of the checks, on the thread that makes them, so it must be quick. */
public interface PreflightObserver {
    /** Ignores the progress. */
    PreflightObserver NOBODY = (about, number, all) -> {};

    /** The check {@code about} begins, as the {@code number}th (from 1) of {@code all}. */
    void begun(About about, int number, int all);

    /** No further check begins. */
    default void finished() {}
}
