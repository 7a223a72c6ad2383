@NullMarked
package dev.connectionregistry.admin.command;

import org.jspecify.annotations.NullMarked;
