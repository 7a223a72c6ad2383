@NullMarked
package dev.connectionregistry.admin.replication.postgres;

import org.jspecify.annotations.NullMarked;
