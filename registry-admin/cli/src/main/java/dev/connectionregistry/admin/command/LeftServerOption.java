package dev.connectionregistry.admin.command;

import picocli.CommandLine.Option;

/** Whether a change may lead to a server that a cutover left. */
final class LeftServerOption {
    @Option(
            names = "--accept-left-server",
            description =
                    "also to a server that a cutover left: its fence may be up, and rows written since may be missing")
    private boolean accepted;

    boolean accepted() {
        return accepted;
    }
}
