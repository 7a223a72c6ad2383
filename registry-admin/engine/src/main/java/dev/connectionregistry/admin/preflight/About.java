package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.Side;

/**
 * What a check is, before it is made.
 *
 * @param name in lower case with hyphens, as {@code --skip-check} takes it
 * @param group what it belongs to
 * @param reason why it is made: one sentence for people and for the reference
 * @param leftToCutover whether a cutover looks at this itself, more closely, so that preflight doesn't do it for a cutover
 */
public record About(String name, Group group, String reason, boolean leftToCutover) {
    /** The name of the check that logs in to a server; without it no other check can be made there. */
    public static String login(Side side) {
        return side.word() + "-login";
    }

    /** Whether it is the check that logs in to that server. */
    public boolean logsInTo(Side side) {
        return name.equals(login(side));
    }

    /** One that a cutover has preflight make. */
    public About(String name, Group group, String reason) {
        this(name, group, reason, false);
    }
}
