@NullMarked
package dev.connectionregistry.admin.cutover.coordinator;

import org.jspecify.annotations.NullMarked;
