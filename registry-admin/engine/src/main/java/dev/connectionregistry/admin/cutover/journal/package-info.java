/** What a run writes down in the registry, so that it can be taken over from any machine, and the thread that writes it. */
@NullMarked
package dev.connectionregistry.admin.cutover.journal;

import org.jspecify.annotations.NullMarked;
