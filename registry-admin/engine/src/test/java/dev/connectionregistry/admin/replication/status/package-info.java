/** Tests of this package. */
@NullMarked
package dev.connectionregistry.admin.replication.status;

import org.jspecify.annotations.NullMarked;
