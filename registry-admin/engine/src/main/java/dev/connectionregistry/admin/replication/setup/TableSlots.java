package dev.connectionregistry.admin.replication.setup;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises the slots that a subscriber makes on its publisher for the copy of a single table, from Postgres 14 on. Their names say of
 * which subscription of which server they are.
 *
 * @param server the subscriber's system identifier; what isn't a number matches nothing
 * @param ours its subscriptions that are to be ended
 * @param all all that it has; a slot of one that it hasn't any more is left over
 */
record TableSlots(String server, List<Long> ours, List<Long> all) {
    static final TableSlots NONE = new TableSlots("", List.of(), List.of());

    private static final Pattern FORM = Pattern.compile("pg_(\\d+)_sync_\\d+_(\\d+)");

    /** Whether some server made it for some table. */
    static boolean looksLikeOne(String slot) {
        return FORM.matcher(slot).matches();
    }

    /** Whether it is of a subscription of this server that is to be ended, or is gone. */
    boolean areOf(String slot) {
        Matcher matcher = FORM.matcher(slot);
        if (!matcher.matches() || !matcher.group(2).equals(server)) {
            return false;
        }
        long subscription = Long.parseLong(matcher.group(1));
        return ours.contains(subscription) || !all.contains(subscription);
    }
}
