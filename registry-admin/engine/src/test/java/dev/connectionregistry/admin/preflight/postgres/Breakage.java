package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Outcome;

/**
 * How to make one check fail, or warn, for its own reason.
 *
 * @param stage makes the pair
 * @param breaking breaks it
 * @param outcome how the check must end
 * @param says what its message must contain
 * @param mended whether it must pass once its own statements are executed
 */
record Breakage(Stage stage, Act breaking, Outcome outcome, String says, boolean mended) {
    /** Makes a pair. */
    interface Stage {
        TestPair make() throws Exception;
    }

    /** Does something to a pair. */
    interface Act {
        void on(TestPair pair) throws Exception;
    }

    static Breakage fails(Act breaking, String says) {
        return new Breakage(TestPair::plain, breaking, Outcome.FAIL, says, false);
    }

    static Breakage warns(Act breaking, String says) {
        return new Breakage(TestPair::plain, breaking, Outcome.WARN, says, false);
    }

    /** On another pair. */
    Breakage on(Stage other) {
        return new Breakage(other, breaking, outcome, says, mended);
    }

    /** Fixed by what the finding says. */
    Breakage mends() {
        return new Breakage(stage, breaking, outcome, says, true);
    }

    boolean fits(Finding finding) {
        return finding.outcome() == outcome && finding.message().contains(says);
    }
}
