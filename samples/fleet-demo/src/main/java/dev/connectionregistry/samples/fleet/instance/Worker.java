package dev.connectionregistry.samples.fleet.instance;

import dev.connectionregistry.samples.fleet.instance.InstanceEvent.Done;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.LockSupport;

/**
 * One thread of load: works, tells the outcome, rests. It never tries again: every error that a caller could see is reported.
 */
final class Worker implements Runnable {
    private final long pauseNanos;
    private final Turns turns;
    private final EventWriter events;
    private final Thread thread;
    private volatile boolean stopped;

    /** What a worker does, in one turn after the other. */
    interface Turns {
        /** One piece of work; whatever fails is in the outcome. */
        Done take(int round);
    }

    private Worker(int number, long pauseNanos, Turns turns, EventWriter events) {
        this.pauseNanos = pauseNanos;
        this.turns = turns;
        this.events = events;
        this.thread = new Thread(this, "worker-" + number);
    }

    static Worker start(int number, long pauseNanos, Turns turns, EventWriter events) {
        Worker worker = new Worker(number, pauseNanos, turns, events);
        worker.thread.start();
        return worker;
    }

    /** Ends the load after the work in progress. */
    void stop() {
        stopped = true;
        LockSupport.unpark(thread);
    }

    void join() throws InterruptedException {
        thread.join();
    }

    @Override
    public void run() {
        long next = System.nanoTime() + ThreadLocalRandom.current().nextLong(pauseNanos);
        for (int round = 0; !stopped; round++) {
            long rest = next - System.nanoTime();
            while (rest > 0 && !stopped) {
                LockSupport.parkNanos(rest);
                rest = next - System.nanoTime();
            }
            events.add(turns.take(round));
            long pause = pauseNanos / 2 + ThreadLocalRandom.current().nextLong(pauseNanos); // on average pauseNanos
            next = Math.max(next + pause, System.nanoTime()); // a stall is not made up for
        }
    }
}
