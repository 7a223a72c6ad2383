/** Servers as values: who logs in where, what a server is called, which one it is. Knows no SQL and no feature. */
@NullMarked
package dev.connectionregistry.admin.server;

import org.jspecify.annotations.NullMarked;
