package dev.connectionregistry.admin.history.check;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** What a service's process tells on its standard output, one line each. Times are those of an {@link AnchoredClock}. */
public sealed interface HistoryLine {
    /** The text, without a line break. */
    String text();

    /**
     * An operation begins.
     *
     * @param writer the thread, unique in the fleet, such as {@code checkout-1.3}
     * @param number counts the writer's operations
     * @param kind what it is
     * @param micros when
     */
    record Invoked(String writer, long number, Kind kind, long micros) implements HistoryLine {
        @Override
        public String text() {
            return "invoke " + writer + " " + number + " " + kind + " " + micros;
        }
    }

    /**
     * An operation has ended.
     *
     * @param writer as in {@link Invoked}
     * @param number as in {@link Invoked}
     * @param outcome how
     * @param micros when
     * @param port the server that it ran on; 0 if it got no connection
     * @param detail the failure, or what a READ saw as {@link Seen#text}
     */
    record Ended(String writer, long number, Outcome outcome, long micros, int port, String detail)
            implements HistoryLine {
        @Override
        public String text() {
            return "end " + writer + " " + number + " " + outcome + " " + micros + " " + port + " "
                    + URLEncoder.encode(detail, StandardCharsets.UTF_8);
        }
    }

    /**
     * The data source says that something changed.
     *
     * @param micros when
     * @param version of the settings that its pool serves
     * @param port the server of its pool; 0 if there is none
     * @param state what it is doing
     */
    record Status(long micros, long version, int port, String state) implements HistoryLine {
        @Override
        public String text() {
            return "status " + micros + " " + version + " " + port + " " + state;
        }
    }

    /**
     * Reads a line.
     *
     * @throws IllegalArgumentException if it is none of these
     */
    static HistoryLine parse(String line) {
        String[] part = line.split(" ", -1);
        if (part.length == 5 && part[0].equals("invoke")) {
            return new Invoked(part[1], Long.parseLong(part[2]), Kind.valueOf(part[3]), Long.parseLong(part[4]));
        }
        if (part.length == 7 && part[0].equals("end")) {
            return new Ended(
                    part[1],
                    Long.parseLong(part[2]),
                    Outcome.valueOf(part[3]),
                    Long.parseLong(part[4]),
                    Integer.parseInt(part[5]),
                    URLDecoder.decode(part[6], StandardCharsets.UTF_8));
        }
        if (part.length == 5 && part[0].equals("status")) {
            return new Status(Long.parseLong(part[1]), Long.parseLong(part[2]), Integer.parseInt(part[3]), part[4]);
        }
        throw new IllegalArgumentException("not a line of a history: " + line);
    }
}
