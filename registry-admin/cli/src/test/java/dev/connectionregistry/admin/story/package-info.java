/** Whole upgrades on real servers, as an operator types them, under services that write all the time. */
@NullMarked
package dev.connectionregistry.admin.story;

import org.jspecify.annotations.NullMarked;
