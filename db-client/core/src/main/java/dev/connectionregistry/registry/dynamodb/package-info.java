/**
 * API: the registry in one DynamoDB table. The only place that knows the table, and apart from {@code core.internal.secrets.aws}
 * the only importer of the AWS SDK. Entry types: {@link dev.connectionregistry.registry.dynamodb.DynamoDbSettingsRegistry} (services) and
 * {@link dev.connectionregistry.registry.dynamodb.DynamoDbRegistryAdministration} (operators).
 *
 * <pre>
 * item              pk               sk                       written by              read by
 * ----------------  ---------------  -----------------------  ----------------------  ---------------------------
 * current settings  settings#orders  current                  operators               services, one item per poll
 * past version      history#orders   v#000000000012           same transaction        operators
 * report            fleet#orders     instance#checkout#i-07   services (PutItem)      operators
 * the same, spread  fleet#orders#3   instance#checkout#i-07   services (PutItem)      operators
 * cutover's lock    cutover#orders   lock                     operators               operators
 * cutover's journal cutover#orders   run#c-3f9a1b2c           who holds the lock      operators
 * </pre>
 *
 * <p>Reports are spread over {@code fleet#orders}, {@code fleet#orders#1} and so on; the settings say how many. A
 * service that uses a partition other than the first one marks it first in {@code fleet#orders}
 * ({@link dev.connectionregistry.registry.dynamodb.PartitionsMark}).
 *
 * <p>The partition key carries the rights, so that IAM can use {@code dynamodb:LeadingKeys}. Settings and reports are
 * plain attributes that a person can read. The table's own attributes are {@code pk}, {@code sk}, {@code expiresAt}
 * (reports; the table's time to live) and {@code writeId} (settings and journals; shows a writer whose answer was lost
 * whether the current item is its own; a lock has its {@code token} for that).
 */
@NullMarked
package dev.connectionregistry.registry.dynamodb;

import org.jspecify.annotations.NullMarked;
