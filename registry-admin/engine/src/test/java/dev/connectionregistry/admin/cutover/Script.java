package dev.connectionregistry.admin.cutover;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** What happened at the ports, in order, and what is to go wrong there. Thread-safe as far as the list is. */
public final class Script {
    private final List<String> events = new CopyOnWriteArrayList<>();
    private final Map<String, List<Runnable>> before = new HashMap<>();
    private final Map<String, Failure> failures = new HashMap<>();

    /** Throws what is to go wrong. */
    @FunctionalInterface
    public interface Failure {
        void happen() throws Exception;
    }

    /** The end of a coordinator in the middle of what it does; nothing in the program catches it, as nothing catches SIGKILL. */
    public static final class Crash extends Throwable {
        private static final long serialVersionUID = 1L;

        private Crash() {
            super("the coordinator dies");
        }
    }

    /** When {@code event} comes, the coordinator dies before it takes effect. */
    public Script crash(String event) {
        return fail(event, () -> Script.<RuntimeException>thrown(new Crash()));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void thrown(Throwable crash) throws T {
        throw (T) crash;
    }

    /** From now on {@code event} goes wrong like this, each time. */
    public synchronized Script fail(String event, Failure failure) {
        failures.put(event, failure);
        return this;
    }

    /** The same, the first {@code times}. */
    public synchronized Script fail(String event, int times, Failure failure) {
        int[] left = {times};
        return fail(event, () -> {
            if (left[0]-- > 0) {
                failure.happen();
            }
        });
    }

    /** When {@code event} comes, this happens first. */
    public synchronized Script on(String event, Runnable happens) {
        before.computeIfAbsent(event, any -> new ArrayList<>()).add(happens);
        return this;
    }

    /** It happens now; throws what is to go wrong with it. */
    void event(String event) throws Exception {
        events.add(event);
        List<Runnable> first;
        Failure failure;
        synchronized (this) {
            first = List.copyOf(before.getOrDefault(event, List.of()));
            failure = failures.get(event);
        }
        first.forEach(Runnable::run);
        if (failure != null) {
            failure.happen();
        }
    }

    /** What happened. */
    public List<String> events() {
        return List.copyOf(events);
    }

    /** Forgets what happened and what is to go wrong. */
    public synchronized void clear() {
        events.clear();
        failures.clear();
        before.clear();
    }
}
