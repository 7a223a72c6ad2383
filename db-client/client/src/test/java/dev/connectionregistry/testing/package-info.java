/** What several tests need: databases on real servers, load, and threads that must be gone. */
@NullMarked
package dev.connectionregistry.testing;

import org.jspecify.annotations.NullMarked;
