package dev.connectionregistry.admin.preflight;

/**
 * A check and its finding.
 *
 * @param about the check
 * @param finding its finding
 */
public record Result(About about, Finding finding) {
    public Outcome outcome() {
        return finding.outcome();
    }
}
