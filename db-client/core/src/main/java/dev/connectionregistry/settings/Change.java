package dev.connectionregistry.settings;

import java.time.Instant;

/**
 * Who wrote a version, when (by the writer's clock), and why. For people; nothing depends on it.
 *
 * @param by the writer, such as {@code alice@laptop}
 * @param at when
 * @param reason may be empty
 */
public record Change(String by, Instant at, String reason) {}
