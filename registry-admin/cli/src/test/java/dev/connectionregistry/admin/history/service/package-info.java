/** One instance of a service as a process of its own; {@code HistoryService} is its main class. */
@NullMarked
package dev.connectionregistry.admin.history.service;

import org.jspecify.annotations.NullMarked;
