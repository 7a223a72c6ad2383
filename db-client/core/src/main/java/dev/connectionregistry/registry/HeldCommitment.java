package dev.connectionregistry.registry;

/**
 * What a READY instance publishes so that it can later prove without its report that it is HELD (docs/adr/0032).
 *
 * @param version the version of the HOLD that it counts for; it counts for no other
 * @param digest SHA-256 of a secret and everything that it stands for, in base64url
 */
public record HeldCommitment(long version, String digest) {}
