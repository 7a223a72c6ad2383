/**
 * Passwords that AWS keeps or makes: Secrets Manager, the Parameter Store of Systems Manager, and IAM tokens of RDS. Entry type:
 * {@link dev.connectionregistry.core.internal.secrets.aws.AwsSecrets}. Besides the table's package the only importer of the AWS SDK, of which
 * each sort needs a module that is optional for a service.
 */
@NullMarked
package dev.connectionregistry.core.internal.secrets.aws;

import org.jspecify.annotations.NullMarked;
