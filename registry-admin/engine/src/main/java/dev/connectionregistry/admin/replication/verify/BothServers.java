package dev.connectionregistry.admin.replication.verify;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.replication.verify.TableSide.Follower;
import dev.connectionregistry.admin.server.BoundedCall;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.time.Duration;
import java.util.List;

/**
 * The two servers at work at the same time, while the caller's thread runs {@code tick} every tenth of a second and
 * ends the work when the operator stops. For one thread. Closes what was opened.
 */
final class BothServers implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration CANCEL = Duration.ofSeconds(5);

    private final TableSide.Opened opened;
    private final Timing timing;
    private final Runnable tick;

    BothServers(TableSide.Opened opened, Timing timing, Runnable tick) {
        this.opened = opened;
        this.timing = timing;
        this.tick = tick;
    }

    /** The work on one server. */
    @FunctionalInterface
    interface Work<T> {
        T on(TableSide side) throws ServerException;
    }

    record Both<T>(T source, T target) {}

    /** Works on both servers, and waits for both, even if one fails. */
    <T> Both<T> both(Work<T> source, Work<T> target) throws ServerException {
        BoundedCall<T, ServerException> one = onSource(source);
        BoundedCall<T, ServerException> other = onTarget(target);
        await(List.of(one, other));
        return new Both<>(one.result(), other.result());
    }

    <T> T on(Side side, Work<T> work) throws ServerException {
        return side == Side.SOURCE ? source(work) : target(work);
    }

    <T> T source(Work<T> work) throws ServerException {
        BoundedCall<T, ServerException> call = onSource(work);
        await(List.of(call));
        return call.result();
    }

    <T> T target(Work<T> work) throws ServerException {
        BoundedCall<T, ServerException> call = onTarget(work);
        await(List.of(call));
        return call.result();
    }

    private <T> BoundedCall<T, ServerException> onSource(Work<T> work) {
        return BoundedCall.start("verify-source", () -> work.on(opened.source()));
    }

    private <T> BoundedCall<T, ServerException> onTarget(Work<T> work) {
        return BoundedCall.start("verify-target", () -> work.on(opened.target()));
    }

    /** See {@link Follower#describe}. */
    String describe(Duration bound) throws ServerException {
        return source(side -> opened.follower().describe(bound));
    }

    /** See {@link Follower#await}. */
    void awaitFollowing(Duration bound) throws ServerException {
        source(side -> {
            opened.follower().await(bound);
            return true;
        });
    }

    /** See {@link Follower#progress}. */
    String progress() {
        return opened.follower().progress();
    }

    private void await(List<BoundedCall<?, ServerException>> calls) {
        try {
            for (BoundedCall<?, ServerException> call : calls) {
                boolean ended = call.hasEnded();
                while (!ended) {
                    if (timing.stopped()) {
                        opened.source().cancel(CANCEL);
                        opened.target().cancel(CANCEL);
                        calls.forEach(BoundedCall::interrupt);
                        throw interrupted();
                    }
                    ended = call.awaitEnd(LOOK);
                    tick.run();
                }
            }
        } catch (InterruptedException e) {
            calls.forEach(BoundedCall::interrupt);
            Thread.currentThread().interrupt();
            throw interrupted();
        }
    }

    static OperationException interrupted() {
        return new OperationException(
                Reason.INTERRUPTED,
                "stopped before all tables were compared",
                "run the command again; it changes nothing");
    }

    @Override
    public void close() {
        opened.source().close();
        opened.target().close();
        opened.follower().close();
    }
}
