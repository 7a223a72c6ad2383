/** What all features share: errors of a command, JSON, time, and words that the operator pastes into a shell. */
@NullMarked
package dev.connectionregistry.admin.common;

import org.jspecify.annotations.NullMarked;
