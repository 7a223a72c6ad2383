@NullMarked
package dev.connectionregistry.admin.cutover.journal;

import org.jspecify.annotations.NullMarked;
