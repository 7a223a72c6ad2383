/**
 * A cutover as values (what is to be done, what the operator chose, what came of it) and the port to the two servers. The
 * decisions, the steps and the coordinator that does them are packages below this one.
 */
@NullMarked
package dev.connectionregistry.admin.cutover;

import org.jspecify.annotations.NullMarked;
