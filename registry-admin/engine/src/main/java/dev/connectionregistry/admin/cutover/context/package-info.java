/** What the steps of a run work with: the registry under the lock, the sessions on the two servers, the hold budget, and the waits for the fleet. */
@NullMarked
package dev.connectionregistry.admin.cutover.context;

import org.jspecify.annotations.NullMarked;
