/** Which table is copied how: facts and thresholds in, a plan out, and the file that a person may edit. Decisions only, no SQL. */
@NullMarked
package dev.connectionregistry.admin.replication.plan;

import org.jspecify.annotations.NullMarked;
