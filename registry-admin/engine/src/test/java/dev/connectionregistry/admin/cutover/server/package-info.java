@NullMarked
package dev.connectionregistry.admin.cutover.server;

import org.jspecify.annotations.NullMarked;
