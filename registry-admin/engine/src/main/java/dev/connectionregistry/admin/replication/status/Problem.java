package dev.connectionregistry.admin.replication.status;

/**
 * Something that isn't as it should be.
 *
 * @param bad whether replication isn't healthy because of it; else it is only worth knowing
 * @param what what is wrong, with which
 * @param remedy what to do: words, or statements to paste; may be empty
 */
public record Problem(boolean bad, String what, String remedy) {}
