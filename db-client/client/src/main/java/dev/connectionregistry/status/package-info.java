/**
 * API: what a data source reports about itself, now, at each change, and when it can't start. Entry type:
 * {@link dev.connectionregistry.status.DataSourceStatus}.
 */
@NullMarked
package dev.connectionregistry.status;

import org.jspecify.annotations.NullMarked;
