package dev.connectionregistry.admin.replication.postgres;

import dev.connectionregistry.admin.replication.postgres.SequenceReader.Definition;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.Sql;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The positions that the target's sequences must get, given those of the source's. Pure.
 *
 * <p>A sequence never goes backwards. One that is ahead already, such as after an earlier try with a margin, stays
 * where it is: skipped values are harmless, values handed out twice aren't. A sequence that cycles is neither ahead nor
 * behind; it is set to the source's position. A margin ends at the last value that the sequence, and every column that
 * it fills, can take; that value can still be handed out.
 */
public final class SequencePositions {
    private final Map<String, Integer> byName = new HashMap<>();
    private final List<Definition> definitions;
    private final List<SequenceState> current;
    private final List<Target> targets = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private SequencePositions(List<Definition> definitions, List<SequenceState> current) {
        this.definitions = definitions;
        this.current = current;
        for (int i = 0; i < definitions.size(); i++) {
            byName.put(key(definitions.get(i).schema(), definitions.get(i).name()), i);
        }
    }

    public record Target(Definition definition, SequenceState state) {}

    /** The positions for every sequence of {@code source}, by the target's own definitions. */
    public static SequencePositions of(
            List<SequenceState> source, long margin, List<Definition> definitions, List<SequenceState> current) {
        SequencePositions result = new SequencePositions(definitions, current);
        source.forEach(each -> result.add(each, margin));
        return result;
    }

    /** One for each of the source's sequences; incomplete if there are problems. */
    public List<Target> targets() {
        return targets;
    }

    /** What is in the way, each with the sequence's name. */
    public List<String> problems() {
        return problems;
    }

    private void add(SequenceState source, long margin) {
        Integer index = byName.get(key(source.schema(), source.name()));
        if (index == null) {
            problems.add(name(source) + " is missing");
            return;
        }
        Definition definition = definitions.get(index);
        if (source.lastValue() < definition.minimum() || source.lastValue() > definition.maximum()) {
            problems.add(name(source) + " can't be set to " + source.lastValue() + ": its bounds are "
                    + definition.minimum() + " to " + definition.maximum());
            return;
        }
        SequenceState wanted = advanced(source, margin, definition);
        SequenceState now = current.get(index);
        boolean down = definition.increment() < 0;
        boolean ahead = !definition.cycles() && isBeyond(next(now, definition), next(wanted, definition), down);
        targets.add(new Target(definition, ahead ? now : wanted));
    }

    private static SequenceState advanced(SequenceState source, long margin, Definition definition) {
        if (margin == 0 || definition.cycles()) {
            return source;
        }
        boolean down = definition.increment() < 0;
        BigInteger last = BigInteger.valueOf(down ? definition.least() : definition.most());
        if (isBeyond(next(source, definition), last, down)) {
            return source; // it has no value left to hand out, and must not get one
        }
        BigInteger value = BigInteger.valueOf(source.lastValue())
                .add(BigInteger.valueOf(margin).multiply(BigInteger.valueOf(definition.increment())));
        SequenceState state =
                isBeyond(value, last, down) ? null : with(source, value.longValueExact(), source.called());
        boolean fits = state != null && !isBeyond(next(state, definition), last, down);
        return fits && state != null ? state : with(source, last.longValueExact(), false);
    }

    static boolean isBeyond(BigInteger value, BigInteger last, boolean down) {
        return down ? value.compareTo(last) < 0 : value.compareTo(last) > 0;
    }

    /** The value that would be handed out next if there were no bounds. */
    static BigInteger next(SequenceState state, Definition definition) {
        BigInteger value = BigInteger.valueOf(state.lastValue());
        return state.called() ? value.add(BigInteger.valueOf(definition.increment())) : value;
    }

    private static SequenceState with(SequenceState source, long value, boolean called) {
        return new SequenceState(source.schema(), source.name(), value, called);
    }

    /** {@code "schema"."name"}. */
    public static String name(SequenceState state) {
        return key(state.schema(), state.name());
    }

    private static String key(@Nullable String schema, String name) {
        return Sql.identifier(String.valueOf(schema)) + "." + Sql.identifier(name);
    }
}
