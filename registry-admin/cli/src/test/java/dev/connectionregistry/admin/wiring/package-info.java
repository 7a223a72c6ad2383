@NullMarked
package dev.connectionregistry.admin.wiring;

import org.jspecify.annotations.NullMarked;
