/** Where the sequences of two servers stand to each other, and bringing the target's up. Values, decisions and the port. */
@NullMarked
package dev.connectionregistry.admin.replication.sequence;

import org.jspecify.annotations.NullMarked;
