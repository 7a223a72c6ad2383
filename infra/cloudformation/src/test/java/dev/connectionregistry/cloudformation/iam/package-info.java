/** As much of IAM's evaluation of policies as the templates use; {@link dev.connectionregistry.cloudformation.iam.Policy} decides. */
@NullMarked
package dev.connectionregistry.cloudformation.iam;

import org.jspecify.annotations.NullMarked;
