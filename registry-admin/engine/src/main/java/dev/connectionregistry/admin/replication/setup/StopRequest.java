package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.server.ServerPair;

/**
 * What is to be ended.
 *
 * @param pair the two servers
 * @param sourceGone whether the source isn't to be asked
 * @param targetGone whether the target isn't to be asked
 */
public record StopRequest(ServerPair pair, boolean sourceGone, boolean targetGone) {}
