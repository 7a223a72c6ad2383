/**
 * Passwords that AWS keeps or makes: Secrets Manager, the Parameter Store of Systems Manager, and IAM tokens of RDS. Entry type:
 * {@link dev.connectionregistry.core.internal.secrets.aws.AwsSecrets}. Besides the table's package the only importer of the AWS
 * SDK, of which each kind needs a module that is optional for a service. Internal: for the modules of this product only; may change in any release.
 */
@NullMarked
package dev.connectionregistry.core.internal.secrets.aws;

import org.jspecify.annotations.NullMarked;
