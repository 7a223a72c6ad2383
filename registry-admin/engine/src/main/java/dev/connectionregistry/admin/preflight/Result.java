package dev.connectionregistry.admin.preflight;

/**
 * A check with what came of it.
 *
 * @param about which check
 * @param finding what came of it
 */
public record Result(About about, Finding finding) {
    public Outcome outcome() {
        return finding.outcome();
    }
}
