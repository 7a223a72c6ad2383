package dev.connectionregistry.registry;

/**
 * What an instance that is READY publishes so that it can prove later, beside its report, that it is HELD (docs/adr/0032).
 *
 * @param version the version of the HOLD that it counts for, and no other
 * @param digest SHA-256 of a secret and all that it stands for, in base64url
 */
public record HeldCommitment(long version, String digest) {}
