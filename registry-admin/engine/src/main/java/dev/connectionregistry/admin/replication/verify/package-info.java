/**
 * Compares the rows of two servers while one follows the other.
 * {@link dev.connectionregistry.admin.replication.verify.Verification} is the use case,
 * {@link dev.connectionregistry.admin.replication.verify.TableSide} the port to one server. The decisions are pure:
 * which buckets differ, which keys in them, and when a key is a difference rather than still on its way.
 */
@NullMarked
package dev.connectionregistry.admin.replication.verify;

import org.jspecify.annotations.NullMarked;
