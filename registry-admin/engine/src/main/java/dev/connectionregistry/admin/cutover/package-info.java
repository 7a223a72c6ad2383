/** A cutover as values, and the ports to the two servers. Every call of a port is bounded in time. */
@NullMarked
package dev.connectionregistry.admin.cutover;

import org.jspecify.annotations.NullMarked;
