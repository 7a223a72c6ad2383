@NullMarked
package dev.connectionregistry.admin.cutover.run;

import org.jspecify.annotations.NullMarked;
