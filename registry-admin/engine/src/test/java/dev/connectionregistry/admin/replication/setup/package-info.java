/** Replication made, ended and turned round between real servers. */
@NullMarked
package dev.connectionregistry.admin.replication.setup;

import org.jspecify.annotations.NullMarked;
