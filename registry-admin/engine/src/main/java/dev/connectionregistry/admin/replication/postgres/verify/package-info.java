/** Reads rows and sequences of two servers so that they can be compared, whatever their versions and settings are. */
@NullMarked
package dev.connectionregistry.admin.replication.postgres.verify;

import org.jspecify.annotations.NullMarked;
