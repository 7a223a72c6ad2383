/**
 * Passwords that AWS stores or creates: Secrets Manager, the Parameter Store of Systems Manager, and IAM tokens of RDS.
 * Entry type: {@link dev.connectionregistry.core.internal.secrets.aws.AwsSecrets}. This package and the table's are the
 * only importers of the AWS SDK; each kind of password needs a module of the SDK that is optional for a service.
 * Internal: for the modules of this product only; may change in any release.
 */
@NullMarked
package dev.connectionregistry.core.internal.secrets.aws;

import org.jspecify.annotations.NullMarked;
