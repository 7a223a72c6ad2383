/** Reading and changing the settings of one database, and what keeps a change out. */
@NullMarked
package dev.connectionregistry.admin.settings;

import org.jspecify.annotations.NullMarked;
