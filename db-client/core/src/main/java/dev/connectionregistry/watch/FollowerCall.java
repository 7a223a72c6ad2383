package dev.connectionregistry.watch;

import dev.connectionregistry.core.internal.follow.Verdict.Content;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One call of the follower; its end is always reported. {@link #run} is for the follower's thread, everything else for
 * any thread.
 */
final class FollowerCall implements Runnable {
    private final Content content;
    private final int number;
    private final Follow follow;
    private final BiConsumer<FollowerCall, @Nullable Throwable> ended;
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();
    private volatile boolean interrupted;

    interface Follow {
        void with(Content content) throws Exception;
    }

    /**
     * A call that hasn't started.
     *
     * @param number which attempt with this content it is, from 1
     * @param ended called once, with the cause of the failure, or null
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
        } catch (Throwable e) { // an error of the follower must not end this thread
            end(e);
        }
    }

    /** Ends the call; for a call that couldn't start, with the cause. */
    void end(@Nullable Throwable failure) {
        thread.set(null);
        ended.accept(this, failure);
    }

    /** Interrupts the follower if it is running, or as soon as it starts. */
    void interrupt() {
        interrupted = true;
        Thread busy = thread.get();
        if (busy != null) {
            busy.interrupt();
        }
    }
}
