package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import java.time.Duration;
import java.time.Instant;

/**
 * The result of one step.
 *
 * @param step the step
 * @param by who did it
 * @param startedAt when it began, by that machine's clock
 * @param offset how long after its coordinator's start
 * @param took how long it took
 * @param kind how it went
 * @param evidence what was seen, or why it failed; no secret
 */
public record StepRecord(
        Step step,
        String by,
        Instant startedAt,
        Duration offset,
        Duration took,
        StepResult.Kind kind,
        String evidence) {}
