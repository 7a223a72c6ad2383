package dev.connectionregistry.settings;

import java.time.Instant;

/**
 * Who wrote a version, when by that machine's clock, and why. For people; decides nothing.
 *
 * @param by who, such as {@code alice@laptop}
 * @param at when
 * @param reason why; may be empty
 */
public record Change(String by, Instant at, String reason) {}
