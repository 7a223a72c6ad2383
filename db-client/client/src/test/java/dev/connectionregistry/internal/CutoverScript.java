package dev.connectionregistry.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.InstanceState;
import dev.connectionregistry.registry.ReadResult;
import dev.connectionregistry.settings.Change;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Transition;
import dev.connectionregistry.settings.Transition.Phase;
import dev.connectionregistry.settings.VersionedSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;

/** One instance's decisions about a cutover, one event after another, with nothing running; it serves from the source. */
abstract class CutoverScript {
    static final ConnectionSettings SOURCE = settings("old");
    static final ConnectionSettings TARGET = settings("new");
    static final Transition PREPARE = new Transition("c-1", Phase.PREPARE, TARGET, Duration.ofSeconds(5));
    static final Transition HOLD = PREPARE.in(Phase.HOLD);
    static final long FIRST = 1;
    static final long STANDBY = 2;

    ClientState state = ClientState.starting(new ClientState.StartOptions(null, "none configured", null));
    long now = Duration.ofHours(1).toNanos();

    static ConnectionSettings settings(String host) {
        return ConnectionSettings.of(new Endpoint(host, 5432, "orders"), "app", SecretRef.parse("env:PW"));
    }

    List<Effect> happens(Event event) {
        Decision decision = event.decide(state, now);
        state = decision.state();
        return decision.effects();
    }

    static ReadResult found(long version, ConnectionSettings settings, @Nullable Transition transition) {
        return new ReadResult.Found(new VersionedSettings(
                new DatabaseName("orders"),
                version,
                settings,
                new Change("op", Instant.EPOCH, ""),
                false,
                Optional.ofNullable(transition),
                Map.of()));
    }

    List<Effect> reads(long version, ConnectionSettings settings, @Nullable Transition transition) {
        return reads(found(version, settings, transition));
    }

    List<Effect> reads(ReadResult result) {
        List<Effect> all = new ArrayList<>(happens(new Event.PollDue()));
        all.addAll(happens(new Event.ReadReturned(state.reading().number(), result)));
        return all;
    }

    void isIn(InstanceState expected) {
        assertThat(state.instanceState()).isEqualTo(expected);
    }

    @BeforeEach
    void serveFromTheSource() {
        reads(1, SOURCE, null);
        happens(new Event.GenerationOpened(FIRST));
        isIn(InstanceState.ACTIVE);
    }

    void servesFrom(long generation) {
        assertThat(state.serving())
                .isNotNull()
                .extracting(ClientState.Serving::generation)
                .isEqualTo(generation);
    }

    void prepared() {
        reads(2, SOURCE, PREPARE);
        happens(new Event.GenerationOpened(STANDBY));
        happens(new Event.ListenersTold("c-1"));
        isIn(InstanceState.READY);
    }

    void held() {
        prepared();
        reads(3, SOURCE, HOLD);
        happens(new Event.Drained(FIRST));
        isIn(InstanceState.HELD);
    }
}
