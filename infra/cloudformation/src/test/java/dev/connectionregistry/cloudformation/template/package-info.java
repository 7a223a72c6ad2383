/** Templates as CloudFormation would resolve them; {@link dev.connectionregistry.cloudformation.template.Template} reads one. */
@NullMarked
package dev.connectionregistry.cloudformation.template;

import org.jspecify.annotations.NullMarked;
