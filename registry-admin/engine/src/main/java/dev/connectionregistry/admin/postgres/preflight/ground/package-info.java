/** What the checks of the two servers stand on: sessions that are shared, and what several of them ask. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.ground;

import org.jspecify.annotations.NullMarked;
