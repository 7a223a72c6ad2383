/** The steps of a cutover and their undo, each by name; {@code cutover.decision} decides what is done next. */
@NullMarked
package dev.connectionregistry.admin.cutover.step;

import org.jspecify.annotations.NullMarked;
