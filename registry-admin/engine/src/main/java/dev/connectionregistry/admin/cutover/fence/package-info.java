/** The fence around the source as data, and the SQL that is made from the data and from nothing else. */
@NullMarked
package dev.connectionregistry.admin.cutover.fence;

import org.jspecify.annotations.NullMarked;
