package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.server.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerPair;
import java.util.Optional;

/**
 * How replication is to be turned round.
 *
 * @param pair the source is where the services are now, the target the server that they left
 * @param slot the one that the cutover made on the source; empty for the usual one
 * @param login as what the target logs in to the source
 * @param trusts whether a publication that may be younger than the slot is taken all the same
 */
public record ReverseRequest(ServerPair pair, Optional<String> slot, SubscriberLogin login, boolean trusts) {}
