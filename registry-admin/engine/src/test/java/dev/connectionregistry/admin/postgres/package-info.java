@NullMarked
package dev.connectionregistry.admin.postgres;

import org.jspecify.annotations.NullMarked;
