package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.follow.Verdict.Content;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One call of the follower, whose end is told whatever happens. {@link #run} is for the follower's thread, all else for any. */
final class FollowerCall implements Runnable {
    private final Content content;
    private final int number;
    private final Follow follow;
    private final BiConsumer<FollowerCall, @Nullable Throwable> ended;
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private volatile boolean interrupted;

    /** Calls the follower. */
    interface Follow {
        void with(Content content) throws Exception;
    }

    /**
     * A call that hasn't begun.
     *
     * @param number which try at this content it is, from 1
     * @param ended told once, with why it failed or null
     */
    FollowerCall(Content content, int number, Follow follow, BiConsumer<FollowerCall, @Nullable Throwable> ended) {
        this.content = content;
        this.number = number;
        this.follow = follow;
        this.ended = ended;
    }

    Content content() {
        return content;
    }

    int number() {
        return number;
    }

    @Override
    public void run() {
        thread.set(Thread.currentThread());
        try {
            if (interrupted) {
                throw new InterruptedException("interrupted before it began");
            }
            follow.with(content);
            end(null);
        } catch (Throwable e) { // an error, too, is the follower's own
            end(e);
        }
    }

    /** It is over; for a call that could not begin, with the cause. */
    void end(@Nullable Throwable failure) {
        thread.set(null);
        ended.accept(this, failure);
    }

    /** Interrupts the follower if it runs, or else as soon as it would. */
    void interrupt() {
        interrupted = true;
        Thread busy = thread.get();
        if (busy != null) {
            busy.interrupt();
        }
    }
}
