package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.Side;

/** One of the servers lets us in. The first check of a server, since without it there are no others. */
final class LoginCheck implements ServerCheck {
    private final Side side;

    LoginCheck(Side side) {
        this.side = side;
    }

    @Override
    public About about() {
        return new About(
                side.word() + "-login",
                Group.SERVERS,
                "Whatever is done on the " + side.word() + " begins with a login.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server server = servers.on(side);
        PostgresIdentity identity = server.identity();
        return Finding.pass("Postgres " + identity.version() + " at "
                + server.login().endpoint() + " as " + server.login().username());
    }
}
