/** Tests of what is counted, and what follows. */
@NullMarked
package dev.connectionregistry.admin.replication.count;

import org.jspecify.annotations.NullMarked;
