/** The last good settings on disk. Entry type: {@link dev.connectionregistry.internal.snapshot.SnapshotFile}. */
@NullMarked
package dev.connectionregistry.internal.snapshot;

import org.jspecify.annotations.NullMarked;
