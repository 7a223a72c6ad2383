/** What happened, what is found afterwards, and {@code HistoryChecker}, which says whether the two agree. Pure. */
@NullMarked
package dev.connectionregistry.admin.history.check;

import org.jspecify.annotations.NullMarked;
