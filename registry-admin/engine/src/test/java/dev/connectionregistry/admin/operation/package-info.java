@NullMarked
package dev.connectionregistry.admin.operation;

import org.jspecify.annotations.NullMarked;
