package dev.connectionregistry.admin.cutover;

import dev.connectionregistry.admin.cutover.decision.Act;
import dev.connectionregistry.admin.cutover.decision.ActResult;
import java.time.Duration;
import java.time.Instant;

/**
 * What came of one step.
 *
 * @param act which
 * @param by who did it
 * @param startedAt when it began, by that machine's clock
 * @param offset how long after its coordinator's start
 * @param took how long it took
 * @param kind how it went
 * @param evidence what was seen, or why it failed; no secret
 */
public record StepRecord(
        Act act, String by, Instant startedAt, Duration offset, Duration took, ActResult.Kind kind, String evidence) {}
