/** Plans: what is chosen, written and read. */
@NullMarked
package dev.connectionregistry.admin.replication.plan;

import org.jspecify.annotations.NullMarked;
