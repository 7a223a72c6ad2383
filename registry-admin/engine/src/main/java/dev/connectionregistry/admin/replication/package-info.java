/** What every part of a replication uses: names of publications, subscriptions and slots, who follows whom, row counts, sequences, and why a worker fails. */
@NullMarked
package dev.connectionregistry.admin.replication;

import org.jspecify.annotations.NullMarked;
