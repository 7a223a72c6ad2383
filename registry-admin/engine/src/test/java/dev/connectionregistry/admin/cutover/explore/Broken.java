package dev.connectionregistry.admin.cutover.explore;

/** An invariant doesn't hold. */
final class Broken extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Invariant invariant;

    Broken(Invariant invariant, String message) {
        super(message);
        this.invariant = invariant;
    }

    Invariant invariant() {
        return invariant;
    }
}
