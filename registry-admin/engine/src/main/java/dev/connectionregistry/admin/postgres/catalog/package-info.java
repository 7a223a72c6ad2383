/** Reads what stands in a database, over a {@link dev.connectionregistry.admin.postgres.session.Session}: schema, sequences, tables. */
@NullMarked
package dev.connectionregistry.admin.postgres.catalog;

import org.jspecify.annotations.NullMarked;
