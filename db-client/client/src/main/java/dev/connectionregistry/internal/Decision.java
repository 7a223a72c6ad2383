package dev.connectionregistry.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The result of an event: the next state, and the effects to execute, in order. */
record Decision(ClientState state, List<Effect> effects) {
    static Decision of(ClientState state, Effect... effects) {
        return new Decision(state, List.of(effects));
    }

    Decision and(Effect... more) {
        List<Effect> all = new ArrayList<>(effects);
        all.addAll(List.of(more));
        return new Decision(state, List.copyOf(all));
    }

    /** This decision, followed by what {@code next} decides from its state. */
    Decision then(Function<ClientState, Decision> next) {
        Decision after = next.apply(state);
        List<Effect> all = new ArrayList<>(effects);
        all.addAll(after.effects());
        return new Decision(after.state(), List.copyOf(all));
    }
}
