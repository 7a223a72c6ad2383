/** Tests of what the demo concludes, draws and accepts; the demo itself is run by its script. */
@NullMarked
package dev.connectionregistry.samples.fleet.measure;

import org.jspecify.annotations.NullMarked;
