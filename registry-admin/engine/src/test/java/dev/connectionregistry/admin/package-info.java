@NullMarked
package dev.connectionregistry.admin;

import org.jspecify.annotations.NullMarked;
