@NullMarked
package dev.connectionregistry.admin.cutover;

import org.jspecify.annotations.NullMarked;
