/** Tests of this package. */
@NullMarked
package dev.connectionregistry.admin.replication.verify;

import org.jspecify.annotations.NullMarked;
