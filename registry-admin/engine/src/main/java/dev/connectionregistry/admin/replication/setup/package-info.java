/**
 * Sets up, ends and reverses replication. No state is stored: each use case looks at what both servers have and does
 * what is missing, so that any of them may be interrupted and repeated.
 */
@NullMarked
package dev.connectionregistry.admin.replication.setup;

import org.jspecify.annotations.NullMarked;
