package dev.connectionregistry.internal;

import dev.connectionregistry.internal.pool.ServerObserver;
import java.sql.SQLException;
import java.util.function.Consumer;

/**
 * Turns what the connections of one generation show into events.
 *
 * @param number the generation
 * @param events receives them, on any thread, without blocking
 */
record GenerationServerObserver(long number, Consumer<Event> events) implements ServerObserver {
    @Override
    public void moved(SQLException failure) {
        events.accept(new Event.MovedSign(String.valueOf(failure.getSQLState())));
    }

    @Override
    public void healthChanged() {
        events.accept(new Event.HealthChanged());
    }

    @Override
    public void writeRefused() {
        events.accept(new Event.WriteRefused(number));
    }

    @Override
    public void passwordChanged() {
        events.accept(new Event.PasswordChanged(number));
    }

    @Override
    public void fenceMet() {
        events.accept(new Event.FenceMet(number));
    }

    @Override
    public void fenceLifted() {
        events.accept(new Event.FenceLifted(number));
    }
}
