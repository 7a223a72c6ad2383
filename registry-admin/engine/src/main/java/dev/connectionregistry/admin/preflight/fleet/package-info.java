/** What can be told of the fleet without asking a database: from the registry's reports and the journals of earlier cutovers. */
@NullMarked
package dev.connectionregistry.admin.preflight.fleet;

import org.jspecify.annotations.NullMarked;
