package dev.connectionregistry.admin.cutover.explore;

import java.util.function.Supplier;

/** Takes the steps that can follow. */
@FunctionalInterface
interface Steps {
    /** After {@code what} the world is {@code next}, which the taker owns from now on. */
    void step(World next, Supplier<String> what);
}
