package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.Side;

/**
 * The description of a check, before it is made.
 *
 * @param name in lower case with hyphens, as {@code --skip-check} takes it
 * @param group the group that it belongs to
 * @param reason why it is made: one sentence for people and for the reference
 * @param leftToCutover whether a cutover checks this itself, more closely, so that preflight doesn't do it for a
 *     cutover
 */
public record About(String name, Group group, String reason, boolean leftToCutover) {
    /** The name of the check that logs in to a server; without it no other check of that server can be made. */
    public static String login(Side side) {
        return side.word() + "-login";
    }

    /** Whether it is the check that logs in to that server. */
    public boolean logsInTo(Side side) {
        return name.equals(login(side));
    }

    /** A check that a cutover leaves to preflight. */
    public About(String name, Group group, String reason) {
        this(name, group, reason, false);
    }
}
