package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.Side;
import java.util.List;

/** How much of something a server has, and how much of it is taken. Pure. */
final class Capacity {
    private Capacity() {}

    /**
     * Judges it.
     *
     * @param setting what limits it
     * @param most its value
     * @param used how much is taken
     * @param wanted how much replication takes at its busiest; one is the least
     */
    static Finding judge(Side side, String setting, int most, int used, int wanted) {
        int free = most - used;
        String message = setting + " is " + most + " on the " + side.word() + ", " + used + " taken, " + free + " free";
        if (free >= wanted) {
            return Finding.pass(message);
        }
        List<Remedy> remedies = List.of(
                Remedy.on(side, "ALTER SYSTEM SET " + setting + " = " + (used + wanted + 5) + ";"),
                Remedy.advice("restart the " + side.word() + " after that"));
        return free < 1
                ? Finding.fail(message, remedies)
                : Finding.warn(message + ", " + wanted + " wanted while tables are copied", remedies);
    }
}
