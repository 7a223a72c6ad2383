@NullMarked
package dev.connectionregistry.admin.cutover.fence;

import org.jspecify.annotations.NullMarked;
