/** The replication commands and what they print. */
@NullMarked
package dev.connectionregistry.admin.cli.replication;

import org.jspecify.annotations.NullMarked;
