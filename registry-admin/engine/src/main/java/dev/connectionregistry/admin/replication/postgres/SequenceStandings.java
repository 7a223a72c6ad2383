package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.replication.Sequences.SequenceStanding;
import dev.connectionregistry.admin.replication.Sequences.SequenceStanding.Standing;
import dev.connectionregistry.admin.replication.postgres.SequenceReader.Definition;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the states of two servers' sequences mean. Pure. */
public final class SequenceStandings {
    private SequenceStandings() {}

    /**
     * One for each of {@code source}, in its order, by the target's own definitions and states, which are in one order.
     */
    public static List<SequenceStanding> of(
            List<SequenceState> source, List<Definition> definitions, List<SequenceState> target) {
        Map<TableName, Integer> places = new HashMap<>();
        for (int i = 0; i < definitions.size(); i++) {
            places.put(name(target.get(i)), i);
        }
        return source.stream()
                .map(each -> {
                    Integer place = places.get(name(each));
                    return place == null
                            ? new SequenceStanding(name(each), each, Optional.empty(), Standing.MISSING, "")
                            : of(each, definitions.get(place), target.get(place));
                })
                .toList();
    }

    private static SequenceStanding of(SequenceState source, Definition definition, SequenceState target) {
        return new SequenceStanding(
                name(source),
                source,
                Optional.of(target),
                standing(source, definition, target),
                definition.minimum() + " to " + definition.maximum());
    }

    private static Standing standing(SequenceState source, Definition definition, SequenceState target) {
        if (source.lastValue() < definition.minimum() || source.lastValue() > definition.maximum()) {
            return Standing.OUT_OF_BOUNDS;
        }
        var next = SequencePositions.next(target, definition);
        var wanted = SequencePositions.next(source, definition);
        if (next.equals(wanted)) {
            return Standing.EQUAL;
        }
        boolean ahead = !definition.cycles() && SequencePositions.isBeyond(next, wanted, definition.increment() < 0);
        return ahead ? Standing.AHEAD : Standing.BEHIND;
    }

    private static TableName name(SequenceState state) {
        return new TableName(state.schema(), state.name());
    }
}
