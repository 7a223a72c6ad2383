package dev.connectionregistry.admin.replication.server;

/**
 * A logical slot.
 *
 * @param name its name
 * @param plugin that decodes for it
 * @param active whether somebody is connected to it
 * @param lost whether the server has thrown away WAL that it needs
 */
public record Slot(String name, String plugin, boolean active, boolean lost) {}
