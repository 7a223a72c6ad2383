/** Which tables' rows are counted on both servers without being asked, and what follows from the numbers. */
@NullMarked
package dev.connectionregistry.admin.replication.count;

import org.jspecify.annotations.NullMarked;
