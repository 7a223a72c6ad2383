package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.server.ServerException;

/** One check of the two servers. Stateless. */
public interface ServerCheck {
    /** What it is; equal whenever it is asked for. */
    About about();

    /**
     * Looks, and judges. Changes nothing.
     *
     * @throws ServerException if it can't be looked at
     */
    Finding look(Servers servers) throws ServerException;
}
