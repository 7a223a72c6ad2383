/** What the code asks of AWS, recorded call by call; {@link dev.connectionregistry.cloudformation.calls.CallRecorder} listens. */
@NullMarked
package dev.connectionregistry.cloudformation.calls;

import org.jspecify.annotations.NullMarked;
