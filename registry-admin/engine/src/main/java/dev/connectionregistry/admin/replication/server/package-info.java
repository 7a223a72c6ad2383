/**
 * What replication needs from a server, whichever of the two it is: publications, slots, subscriptions, rights. Ports
 * and values.
 */
@NullMarked
package dev.connectionregistry.admin.replication.server;

import org.jspecify.annotations.NullMarked;
