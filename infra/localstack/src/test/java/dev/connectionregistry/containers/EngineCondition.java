package dev.connectionregistry.containers;

import java.util.Optional;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips where no container can be run, or fails there with {@code -Ddocker.required=true}. */
final class EngineCondition implements ExecutionCondition {
    @Override
    public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
        Optional<String> missing = Engine.missing();
        if (missing.isPresent() && Boolean.getBoolean("docker.required")) {
            throw new IllegalStateException("containers are required, but " + missing.get());
        }
        return missing.map(ConditionEvaluationResult::disabled)
                .orElseGet(() -> ConditionEvaluationResult.enabled("an engine and the images are there"));
    }
}
