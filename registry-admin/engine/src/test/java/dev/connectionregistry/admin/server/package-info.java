/** Tests. */
@NullMarked
package dev.connectionregistry.admin.server;

import org.jspecify.annotations.NullMarked;
