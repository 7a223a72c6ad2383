package dev.connectionregistry.benchmarks.cutover;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;

/** A benchmark's arguments, taken one after the other. For one thread. */
public final class Arguments {
    private static final int LOWEST_MAJOR = 11;
    private static final int HIGHEST_MAJOR = 99;

    private final Deque<String> left;

    /** All of them are still to come. */
    public Arguments(String... arguments) {
        this.left = new ArrayDeque<>(List.of(arguments));
    }

    /** Whether there is another one. */
    public boolean hasNext() {
        return !left.isEmpty();
    }

    /** The next one, an option's name. */
    public String next() {
        return left.remove();
    }

    /**
     * The value that follows an option.
     *
     * @throws IllegalArgumentException if there is none
     */
    public String value(String name) {
        String value = left.poll();
        if (value == null) {
            throw new IllegalArgumentException(name + " wants a value");
        }
        return value;
    }

    /**
     * The number that follows an option.
     *
     * @throws IllegalArgumentException if there is none from {@code least} to {@code most}
     */
    public int number(String name, int least, int most) {
        return number(name, value(name), least, most);
    }

    /**
     * The major version of Postgres that follows an option.
     *
     * @throws IllegalArgumentException if there is none
     */
    public OptionalInt major(String name) {
        return OptionalInt.of(number(name, LOWEST_MAJOR, HIGHEST_MAJOR));
    }

    /**
     * What an option says, as a number.
     *
     * @throws IllegalArgumentException if it is none from {@code least} to {@code most}
     */
    public static int number(String name, String text, int least, int most) {
        try {
            int value = Integer.parseInt(text);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new IllegalArgumentException(name + " is '" + text + "'; allowed are " + least + " to " + most);
    }

    /** That an option is none of the benchmark's. */
    public static IllegalArgumentException unknown(String name) {
        return new IllegalArgumentException("'" + name + "' is not understood");
    }
}
