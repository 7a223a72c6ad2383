package dev.connectionregistry.samples.fleet.instance;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import java.util.function.IntUnaryOperator;

/**
 * What an instance tells the demo, one line each on its standard output. Times are microseconds since 1970 on one clock of
 * the machine, see {@link AnchoredClock}.
 */
public sealed interface InstanceEvent {

    /** What kind of work was done with one connection. */
    enum Work {
        /** One insert, committed by itself. */
        INSERT(1),
        /** Two inserts in two tables, committed together. */
        TRANSACTION(2),
        /** Three inserts and two updates in five tables, committed together. */
        CHECKOUT(5),
        /** One select. */
        READ(1),
        /** One order that is placed over HTTP. */
        REQUEST(1);

        private final int statements;

        Work(int statements) {
            this.statements = statements;
        }

        /** What is counted: requests, or SQL statements. */
        public String unit() {
            return this == REQUEST ? "requests" : "statements";
        }

        /** How many SQL statements it takes; one for a request, whatever the service does for it. */
        public int statements() {
            return statements;
        }

        /** Whether it leaves a line beside the order. */
        public boolean writesLine() {
            return this == TRANSACTION || this == CHECKOUT;
        }

        /** Whether it leaves rows that must be found afterwards. */
        public boolean writes() {
            return this != READ;
        }
    }

    /** The line's text, without a line break. */
    String line();

    /** The same on another port. */
    InstanceEvent onPort(IntUnaryOperator other);

    /**
     * One piece of work has ended: a connection was borrowed, used and given back, as its caller saw it.
     *
     * @param work what was done
     * @param startMicros when the connection was asked for, or the request was sent
     * @param micros how long it took until the connection was given back, or the answer was there
     * @param port the server that the connection led to, or that the service said last that it is on; 0 if there was none
     * @param order the id of the order written or read
     * @param failure empty if all was acknowledged, commit included
     */
    record Done(Work work, long startMicros, long micros, int port, UUID order, String failure)
            implements InstanceEvent {

        /** When it had ended. */
        public long endMicros() {
            return startMicros + micros;
        }

        /** Whether the caller saw an error. */
        public boolean failed() {
            return !failure.isEmpty();
        }

        @Override
        public Done onPort(IntUnaryOperator other) {
            return new Done(work, startMicros, micros, other.applyAsInt(port), order, failure);
        }

        @Override
        public String line() {
            return String.join(
                    " ",
                    "done",
                    work.name(),
                    Long.toString(startMicros),
                    Long.toString(micros),
                    Integer.toString(port),
                    order.toString(),
                    URLEncoder.encode(failure, StandardCharsets.UTF_8));
        }
    }

    /**
     * The data source changed its state, version, server or problem.
     *
     * @param atMicros when
     * @param version the version of the settings that its pool serves
     * @param port the server of its pool
     * @param state what the data source says it is doing
     */
    record Status(long atMicros, long version, int port, String state) implements InstanceEvent {
        @Override
        public Status onPort(IntUnaryOperator other) {
            return new Status(atMicros, version, other.applyAsInt(port), state);
        }

        @Override
        public String line() {
            return "status " + atMicros + " " + version + " " + port + " " + state;
        }
    }

    /**
     * Reads a line back.
     *
     * @throws IllegalArgumentException if it is none
     */
    static InstanceEvent parse(String line) {
        String[] part = line.split(" ", -1);
        if (part.length == 7 && part[0].equals("done")) {
            return new Done(
                    Work.valueOf(part[1]),
                    Long.parseLong(part[2]),
                    Long.parseLong(part[3]),
                    Integer.parseInt(part[4]),
                    UUID.fromString(part[5]),
                    URLDecoder.decode(part[6], StandardCharsets.UTF_8));
        }
        if (part.length == 5 && part[0].equals("status")) {
            return new Status(Long.parseLong(part[1]), Long.parseLong(part[2]), Integer.parseInt(part[3]), part[4]);
        }
        throw new IllegalArgumentException("not an event of an instance: " + line);
    }
}
