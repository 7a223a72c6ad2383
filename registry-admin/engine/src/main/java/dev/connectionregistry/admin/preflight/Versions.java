package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.SupportedMajors;
import java.util.stream.Stream;

/**
 * Whether these are two databases, on servers whose versions allow a move. Preflight and the cutover judge by it. Pure.
 */
public final class Versions {
    private Versions() {}

    /** The finding; {@code same} says that both are one database. */
    public static Finding judge(PostgresIdentity source, PostgresIdentity target, boolean same) {
        if (same) {
            return Finding.fail(
                    SupportedMajors.sameDatabase(target),
                    Remedy.advice("name the other server with --target, or --to in a cutover"));
        }
        String both = "from Postgres " + source.version() + " to " + target.version();
        return Stream.of(source, target)
                .flatMap(each -> SupportedMajors.tooOld(each).stream())
                .findFirst()
                .map(why -> Finding.fail(
                        both + "; " + why,
                        Remedy.advice("upgrade the older server to a newer major in another way first")))
                .or(() -> SupportedMajors.onlyToGoBackTo(target)
                        .map(why -> Finding.warn(
                                both + ": the target " + why,
                                Remedy.advice("choose a target of " + SupportedMajors.OLDEST_TARGET
                                        + " or newer, unless this is the way back"))))
                .or(() -> SupportedMajors.untried(source, target)
                        .map(why -> Finding.warn(
                                both + ": " + why,
                                Remedy.advice("look for a newer release of this program; otherwise rehearse the whole"
                                        + " move, there and back, on copies of both servers first"))))
                .orElseGet(() -> target.major() < source.major()
                        ? Finding.warn(
                                both + ": the target is the older one",
                                Remedy.advice("go on if this is the way back; otherwise choose another target"))
                        : Finding.pass(both));
    }
}
