package dev.connectionregistry.admin.cli.options;

import picocli.CommandLine.Option;

/** Whether a change may move the fleet to a server that a cutover left. */
public final class FormerSourceOption {
    @Option(
            names = "--accept-left-server",
            description =
                    "allow a server that a cutover left: its fence may still be up, and rows written since then may be"
                            + " missing")
    private boolean accepted;

    public boolean accepted() {
        return accepted;
    }
}
