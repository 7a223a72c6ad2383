/** Servers as values: who logs in where, the name of a server, and which server it is. Knows no SQL and no feature. */
@NullMarked
package dev.connectionregistry.admin.server;

import org.jspecify.annotations.NullMarked;
