@NullMarked
package dev.connectionregistry.admin.cutover.step;

import org.jspecify.annotations.NullMarked;
