package dev.connectionregistry.samples.fleet.measure;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.connectionregistry.samples.fleet.DemoException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a cutover did and how long it took, as its journal says. Immutable.
 *
 * @param steps in order
 */
public record CutoverSteps(List<Step> steps) {
    private static final String HOLD = "hold";
    private static final String SWITCH = "switch";
    private static final String WAY_BACK = "withdraw";
    private static final String LAST = "await active";

    /** {@code cutover c-3f9a1b2c: switched orders from ... to ..., version 7; hold 84 ms}. */
    private static final Pattern HEADLINE = Pattern.compile("cutover \\S+: .*; hold (\\d+) ms");

    /**
     * One step.
     *
     * @param name in words, such as {@code await held}
     * @param startMicros when it began, since 1970
     * @param micros how long it took; the journal knows milliseconds, rounded down
     * @param done whether it did what it should
     */
    public record Step(String name, long startMicros, long micros, boolean done) {
        /** When it had ended. */
        public long endMicros() {
            return startMicros + micros;
        }

        /** How long it took, for people. */
        public String millis() {
            return micros < 1_000 ? "<1 ms" : micros / 1_000 + " ms";
        }
    }

    /** Copies the steps. */
    public CutoverSteps {
        steps = List.copyOf(steps);
    }

    /**
     * From what {@code cutover status --output json} prints.
     *
     * @throws DemoException if that has no journal, or steps of another form
     */
    public static CutoverSteps of(String statusJson) {
        try {
            List<Step> steps = new ArrayList<>();
            for (JsonNode each :
                    new ObjectMapper().readTree(statusJson).path("run").path("steps")) {
                steps.add(step(each));
            }
            if (steps.isEmpty()) {
                throw new DemoException("`cutover status` names no steps of a run; it printed: " + statusJson);
            }
            return new CutoverSteps(steps);
        } catch (JsonProcessingException | DateTimeParseException e) {
            throw new DemoException("`cutover status` printed something else than a run's journal", e);
        }
    }

    /**
     * The statements that take the fence of the run down, in one session.
     *
     * @param statusJson what {@code cutover status --output json} prints
     * @throws DemoException if that names none
     */
    public static List<String> fenceDown(String statusJson) {
        try {
            List<String> statements = new ArrayList<>();
            new ObjectMapper()
                    .readTree(statusJson)
                    .path("fenceDown")
                    .forEach(statement -> statements.add(statement.asText()));
            if (statements.isEmpty()) {
                throw new DemoException("`cutover status` names no fence; it printed: " + statusJson);
            }
            return statements;
        } catch (JsonProcessingException e) {
            throw new DemoException("`cutover status` printed something else than a run's journal", e);
        }
    }

    private static Step step(JsonNode document) {
        Instant start = Instant.parse(document.path("startedAt").asText());
        return new Step(
                document.path("act").asText().toLowerCase(Locale.ROOT).replace('_', ' '),
                ChronoUnit.MICROS.between(Instant.EPOCH, start),
                document.path("millis").asLong() * 1_000,
                document.path("outcome").asText().equals("DONE"));
    }

    /**
     * How long the command says that callers could have been waiting, in milliseconds.
     *
     * @param output what it printed
     * @return -1 if it names no hold
     */
    public static long holdMillis(List<String> output) {
        return output.stream()
                .map(HEADLINE::matcher)
                .filter(Matcher::find)
                .mapToLong(found -> Long.parseLong(found.group(1)))
                .reduce(-1, (earlier, later) -> later);
    }

    /**
     * The steps from the write of the hold until everyone is on the target, or to the last one if not everyone came there;
     * empty if there was no hold.
     */
    public List<Step> holdAndRelease() {
        List<String> names = steps.stream().map(Step::name).toList();
        int from = names.indexOf(HOLD);
        int to = names.lastIndexOf(LAST);
        return from < 0 ? List.of() : steps.subList(from, to < from ? steps.size() : to + 1);
    }

    /**
     * When callers began to wait; empty if there was no hold. The step that asks for the hold makes sure of its journal first, so
     * it is told by the command's own figure, backwards from the release, as long as there is one.
     *
     * @param holdMillis that figure; negative if there is none
     */
    public Optional<Long> holdMicros(long holdMillis) {
        Optional<Long> asked = holdAndRelease().stream().findFirst().map(Step::startMicros);
        return asked.map(start -> releaseMicros()
                .filter(release -> holdMillis >= 0)
                .map(release -> Math.max(start, release - holdMillis * 1_000))
                .orElse(start));
    }

    /** When the switch was written, or the way back; empty if neither was. */
    public Optional<Long> releaseMicros() {
        return steps.stream()
                .filter(step -> step.name().equals(SWITCH) || step.name().equals(WAY_BACK))
                .reduce((earlier, later) -> later)
                .map(Step::endMicros);
    }
}
