/** What the user sees: the live screen and the HTML report. */
@NullMarked
package dev.connectionregistry.samples.fleet.show;

import org.jspecify.annotations.NullMarked;
