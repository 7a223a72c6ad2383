@NullMarked
package dev.connectionregistry.admin.cutover.decision;

import org.jspecify.annotations.NullMarked;
