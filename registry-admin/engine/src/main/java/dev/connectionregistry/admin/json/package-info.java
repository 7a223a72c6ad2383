/** Plain values as JSON, for what is printed, read and kept. */
@NullMarked
package dev.connectionregistry.admin.json;

import org.jspecify.annotations.NullMarked;
