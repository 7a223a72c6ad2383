/** Begins runs, takes them over, and carries them out step by step. Entry type: {@link dev.connectionregistry.admin.cutover.coordinator.Cutovers}. */
@NullMarked
package dev.connectionregistry.admin.cutover.coordinator;

import org.jspecify.annotations.NullMarked;
