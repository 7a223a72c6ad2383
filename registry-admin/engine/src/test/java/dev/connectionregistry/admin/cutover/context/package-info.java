@NullMarked
package dev.connectionregistry.admin.cutover.context;

import org.jspecify.annotations.NullMarked;
