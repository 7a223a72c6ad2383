/** Real servers of several major versions; one of each is shared, and every test has databases of its own. */
@NullMarked
package dev.connectionregistry.admin.replication.postgres.verify;

import org.jspecify.annotations.NullMarked;
