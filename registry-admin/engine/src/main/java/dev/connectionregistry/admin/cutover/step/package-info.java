/** The steps of a cutover and their undo, each by name; what is done next is decided elsewhere. */
@NullMarked
package dev.connectionregistry.admin.cutover.step;

import org.jspecify.annotations.NullMarked;
