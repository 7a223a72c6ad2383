package dev.connectionregistry.admin.history.check;

/**
 * What one READ saw.
 *
 * @param counter the writer's counter; 0 if there is none
 * @param lastEntry whether the row that was acknowledged last was there; true if none was acknowledged yet
 * @param total the sum of all accounts
 */
public record Seen(long counter, boolean lastEntry, long total) {
    /** As one word. */
    public String text() {
        return counter + ":" + lastEntry + ":" + total;
    }

    /**
     * Reads that word.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static Seen parse(String text) {
        String[] part = text.split(":", -1);
        if (part.length != 3) {
            throw new IllegalArgumentException("not what a READ saw: " + text);
        }
        return new Seen(Long.parseLong(part[0]), Boolean.parseBoolean(part[1]), Long.parseLong(part[2]));
    }
}
