package dev.connectionregistry.admin.preflight;

/**
 * What a check is, before it is made.
 *
 * @param name in lower case with hyphens, as {@code --skip-check} takes it
 * @param group what it belongs to
 * @param reason one sentence: why it matters
 */
public record About(String name, Group group, String reason) {}
