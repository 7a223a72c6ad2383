package dev.connectionregistry.admin.cli.move;

import dev.connectionregistry.admin.cli.options.PoolSettingsOptions;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Sets sizes and time-outs of the pools. */
@Command(
        name = "set-pool",
        description = {
            "Sets sizes and timeouts of the instances' pools; options that aren't given don't change. Only"
                    + " --minimum-idle follows --maximum-size: up and down if the two were equal (a pool of fixed"
                    + " size), otherwise only down.",
            "In parentheses: the default of add; the allowed values."
        },
        footer = {
            "",
            "Example:",
            "  registry-admin set-pool orders --maximum-size 30 \\",
            "      --connection-timeout 5s --wait"
        })
public final class SetPoolCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Mixin
    private final PoolSettingsOptions pool = new PoolSettingsOptions();

    @Mixin
    private final MoveOptions moving = new MoveOptions();

    private final Mover mover;

    @Inject
    SetPoolCommand(Mover mover) {
        this.mover = mover;
    }

    @Override
    public void run() {
        if (pool.none()) {
            throw new InvalidSettingsException("nothing to set; give at least one option such as --maximum-size 20");
        }
        pool.check();
        mover.move(
                moving.request(Objects.requireNonNull(database)),
                settings -> settings.withPool(pool.applyTo(settings.pool())));
    }
}
