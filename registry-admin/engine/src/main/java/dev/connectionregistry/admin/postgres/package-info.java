/** One bounded session on one server, what its failures mean, and reads of the catalog that several features need. */
@NullMarked
package dev.connectionregistry.admin.postgres;

import org.jspecify.annotations.NullMarked;
