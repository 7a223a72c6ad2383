/** What the steps of one run work with: servers, registry, journal, hold, and the wait for the fleet. */
@NullMarked
package dev.connectionregistry.admin.cutover.run;

import org.jspecify.annotations.NullMarked;
