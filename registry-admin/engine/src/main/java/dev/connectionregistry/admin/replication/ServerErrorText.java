package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.server.ServerException;

/** What a command says if one of the two servers doesn't answer, or refuses: the text for a {@link ServerException}. */
public final class ServerErrorText {
    private ServerErrorText() {}

    /** For commands that can simply be given again. */
    public static OperationException told(ServerException e) {
        return told(
                e,
                "registry-admin preflight, with the same options, asks both servers and says what is wrong with each");
    }

    /** The same, with what to do {@code next}. */
    public static OperationException told(ServerException e, String next) {
        return new OperationException(Reason.FAILED, String.valueOf(e.getMessage()), next, e);
    }
}
