@NullMarked
package dev.connectionregistry.admin.replication;

import org.jspecify.annotations.NullMarked;
