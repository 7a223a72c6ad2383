/** Tests of this package. */
@NullMarked
package dev.connectionregistry.admin.replication.server;

import org.jspecify.annotations.NullMarked;
