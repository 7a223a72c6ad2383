package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Check;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;
import java.util.Optional;
import java.util.stream.Stream;

/** The two servers, and what else checks know. For one thread at a time. */
final class Servers implements AutoCloseable {
    private final Subject subject;
    private final Server source;
    private final Server target;
    private Optional<Feeds> feeds = Optional.empty();

    /** Owns both servers. */
    Servers(Subject subject, Server source, Server target) {
        this.subject = subject;
        this.source = source;
        this.target = target;
    }

    /** Another check begins, which must end within {@code bound}. */
    void begin(String name, Deadline bound) {
        source.begin(name, bound);
        target.begin(name, bound);
    }

    /** The check that says why there is no session on a server that the current check needed. */
    Optional<String> missed() {
        return Stream.of(source, target)
                .filter(Server::wasMissed)
                .findFirst()
                .map(each -> About.login(each.access().side()));
    }

    /** What else is known. */
    Subject subject() {
        return subject;
    }

    Server source() {
        return source;
    }

    Server target() {
        return target;
    }

    Server on(Side side) {
        return side == Side.SOURCE ? source : target;
    }

    /** The subscriptions that bring the source's changes to the target; read once, so that all checks speak of the same ones. */
    Feeds feeds() throws ServerException {
        if (feeds.isEmpty()) {
            feeds = Optional.of(Feeds.read(this));
        }
        return feeds.get();
    }

    /**
     * A value for each server.
     *
     * @param source the source's value
     * @param target the target's value
     */
    record Both<T>(T source, T target) {
        T on(Side side) {
            return side == Side.SOURCE ? source : target;
        }
    }

    <T> Both<T> both(Check.Question<Server, T> question) throws ServerException {
        return new Both<>(question.of(source), question.of(target));
    }

    /** Ends the sessions. */
    @Override
    public void close() {
        source.close();
        target.close();
    }
}
