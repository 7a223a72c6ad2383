/** What is said of any Postgres server: which it is, what its schema and sequences are, and how it fails. Values only. */
@NullMarked
package dev.connectionregistry.admin.server;

import org.jspecify.annotations.NullMarked;
