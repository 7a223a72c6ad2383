package dev.connectionregistry.admin.replication;

import dev.connectionregistry.admin.operation.OperationException;
import dev.connectionregistry.admin.operation.OperationException.Reason;
import dev.connectionregistry.admin.server.ServerException;

/** What a command says if one of the two servers that it asks doesn't answer, or refuses. */
public final class ServerTrouble {
    private ServerTrouble() {}

    /** As an error of the command line, with what to do next. */
    public static OperationException told(ServerException e) {
        return new OperationException(
                Reason.FAILED,
                String.valueOf(e.getMessage()),
                "registry-admin preflight, with the same options, asks both servers and says what is wrong with each",
                e);
    }
}
