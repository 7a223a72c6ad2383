/** Checks of the group activity: who is at work on the old server. */
@NullMarked
package dev.connectionregistry.admin.postgres.preflight.activity;

import org.jspecify.annotations.NullMarked;
