/** Replication over JDBC: publications, subscriptions, slots, rights, tables, sequences, and how far they are. */
@NullMarked
package dev.connectionregistry.admin.replication.postgres;

import org.jspecify.annotations.NullMarked;
