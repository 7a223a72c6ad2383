@NullMarked
package dev.connectionregistry.admin.output;

import org.jspecify.annotations.NullMarked;
