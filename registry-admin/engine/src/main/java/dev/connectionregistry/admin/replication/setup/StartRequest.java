package dev.connectionregistry.admin.replication.setup;

import dev.connectionregistry.admin.replication.plan.PlanFile;
import dev.connectionregistry.admin.replication.server.SubscriberLogin;
import dev.connectionregistry.admin.server.ServerPair;

/**
 * What is to be started.
 *
 * @param pair the two servers
 * @param plan which table goes how
 * @param login as what the target logs in to the source
 * @param limits from where on the next table waits
 * @param comparesSchemas whether schemas that differ are refused
 */
public record StartRequest(
        ServerPair pair, PlanFile plan, SubscriberLogin login, PressureLimits limits, boolean comparesSchemas) {}
