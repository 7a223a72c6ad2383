/** What was seen and what follows from it: samples, timeline, verdict. No I/O. */
@NullMarked
package dev.connectionregistry.samples.fleet.measure;

import org.jspecify.annotations.NullMarked;
