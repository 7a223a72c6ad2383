package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.preflight.CutoverHistory;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The cutovers that have a journal. Thread-safe. */
public final class JournalHistory implements CutoverHistory {
    /** Only this many of the latest cutovers count; older ones no longer tell anything. */
    private static final int LATEST = 10;

    private final CutoverRegistry cutovers;

    @Inject
    public JournalHistory(CutoverRegistry cutovers) {
        this.cutovers = cutovers;
    }

    @Override
    public Optional<Attempt> latest(ServerPair pair) {
        return cutovers.journals(pair.database(), LATEST).stream()
                .flatMap(JournalHistory::readable)
                .map(run -> run.about(pair.database()))
                .filter(run -> run.outcome().isPresent() && isOf(pair, run))
                .findFirst()
                .map(JournalHistory::attempt);
    }

    /** A journal of another release says nothing about this one's cutovers. */
    private static Stream<RunRecord> readable(Map<String, Object> journal) {
        try {
            return Stream.of(RunRecordCodec.record(journal));
        } catch (InvalidSettingsException e) {
            return Stream.empty();
        }
    }

    private static boolean isOf(ServerPair pair, RunRecord run) {
        return run.spec().source().endpoint().equals(pair.sourceSettings().endpoint())
                && run.spec().target().endpoint().equals(pair.targetSettings().endpoint())
                && run.spec().target().username().equals(pair.targetSettings().username());
    }

    private static Attempt attempt(RunRecord run) {
        return new Attempt(
                (run.spec().rehearsal() ? "the rehearsal " : "the cutover ")
                        + run.spec().id() + " of " + run.spec().startedAt(),
                run.steps().stream()
                        .anyMatch(step -> step.step() == Step.AWAIT_READY && step.kind() == StepResult.Kind.DONE),
                run.cause());
    }
}
