@NullMarked
package dev.connectionregistry.admin.move;

import org.jspecify.annotations.NullMarked;
