/**
 * One bounded session on one server: {@link dev.connectionregistry.admin.postgres.session.Session}, how it logs in, names and
 * texts in SQL, and failures in our words. Knows nothing of what it is used for.
 */
@NullMarked
package dev.connectionregistry.admin.postgres.session;

import org.jspecify.annotations.NullMarked;
