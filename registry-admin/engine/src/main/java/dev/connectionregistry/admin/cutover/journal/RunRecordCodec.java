package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FencePlanCodec;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Run records as documents of plain values and back. Attributes that it doesn't know are skipped. Pure. */
public final class RunRecordCodec {
    private static final int LONGEST_EVIDENCE = 500;

    private RunRecordCodec() {}

    public static Map<String, Object> toDocument(RunRecord record) {
        RunSpec spec = record.spec();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", spec.id());
        document.put("database", spec.database().value());
        document.put("rehearsal", spec.rehearsal());
        document.put("by", spec.by());
        document.put("startedAt", spec.startedAt().toString());
        document.put("reason", spec.reason());
        document.put("baseVersion", spec.baseVersion());
        document.put("from", spec.source().endpoint().toString());
        document.put("to", spec.target().endpoint().toString());
        document.put("old", SettingsCodec.toDocument(spec.source()));
        document.put("target", SettingsCodec.toDocument(spec.target()));
        document.put("options", OptionsCodec.toDocument(spec.options()));
        document.put("coordinators", record.coordinators());
        record.fence().ifPresent(plan -> document.put("fence", FencePlanCodec.toDocument(plan)));
        record.sourceIdentity().ifPresent(identity -> document.put("oldServer", identity(identity)));
        record.targetIdentity().ifPresent(identity -> document.put("newServer", identity(identity)));
        document.put("steps", record.steps().stream().map(RunRecordCodec::step).toList());
        document.put("reverseSlotBegun", record.reverseSlotBegun());
        document.put("act", record.step().name());
        document.put("undoing", record.undoing());
        record.outcome().ifPresent(outcome -> document.put("outcome", outcome.name()));
        document.put("cause", record.cause());
        return document;
    }

    private static Map<String, Object> identity(PostgresIdentity identity) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("systemIdentifier", identity.systemIdentifier());
        document.put("database", identity.database());
        document.put("major", (long) identity.major());
        document.put("version", identity.version());
        return document;
    }

    private static Map<String, Object> step(StepRecord step) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("act", step.step().name());
        document.put("by", step.by());
        document.put("startedAt", step.startedAt().toString());
        document.put("offsetMillis", step.offset().toMillis());
        document.put("millis", step.took().toMillis());
        document.put("outcome", step.kind().name());
        String evidence = step.evidence();
        document.put("evidence", evidence.substring(0, Math.min(LONGEST_EVIDENCE, evidence.length())));
        return document;
    }

    /**
     * The record that a document stands for.
     *
     * @throws InvalidSettingsException if it isn't one, naming the attribute
     */
    public static RunRecord record(Map<String, ?> document) {
        JournalFields fields = new JournalFields(document);
        return new RunRecord(
                spec(fields),
                fields.texts("coordinators"),
                fence(document),
                fields.within("oldServer").map(RunRecordCodec::identity),
                fields.within("newServer").map(RunRecordCodec::identity),
                steps(fields.list("steps")),
                fields.flag("reverseSlotBegun"),
                fields.named(Step.class, "act"),
                fields.flag("undoing"),
                fields.namedIfAny(RunOutcome.class, "outcome"),
                fields.textIfAny("cause").orElse(""));
    }

    /**
     * The record of one run; a journal that stands under its key and speaks of another is refused.
     *
     * @throws InvalidSettingsException as {@link #record(Map)}
     */
    public static RunRecord record(Map<String, ?> document, DatabaseName database, String runId) {
        RunRecord record = record(document);
        if (!record.spec().database().equals(database) || !record.spec().id().equals(runId)) {
            throw new InvalidSettingsException("the journal of cutover " + runId + " of '" + database
                    + "' can't be read: it says that it is that of "
                    + record.spec().id() + " of '"
                    + record.spec().database() + "'");
        }
        return record;
    }

    private static RunSpec spec(JournalFields fields) {
        return new RunSpec(
                fields.text("id"),
                new DatabaseName(fields.text("database")),
                fields.flag("rehearsal"),
                fields.text("by"),
                fields.instant("startedAt"),
                fields.textIfAny("reason").orElse(""),
                fields.number("baseVersion"),
                SettingsCodec.settings(fields.map("old")),
                SettingsCodec.settings(fields.map("target")),
                OptionsCodec.options(fields.require("options")));
    }

    private static Optional<FencePlan> fence(Map<String, ?> document) {
        Object fence = document.get("fence");
        if (fence != null && !(fence instanceof Map)) {
            throw new InvalidSettingsException("the journal can't be read: 'fence' is no map");
        }
        return Optional.ofNullable((Map<?, ?>) fence).map(FencePlanCodec::plan);
    }

    private static PostgresIdentity identity(JournalFields fields) {
        return new PostgresIdentity(
                fields.text("systemIdentifier"),
                fields.text("database"),
                (int) fields.number("major"),
                fields.text("version"));
    }

    private static List<StepRecord> steps(List<?> documents) {
        return documents.stream()
                .filter(Map.class::isInstance)
                .map(each -> new JournalFields((Map<?, ?>) each))
                .flatMap(fields -> step(fields).stream())
                .toList();
    }

    /** What was done is for people: a step that this release has no word for is left out. */
    private static Optional<StepRecord> step(JournalFields fields) {
        try {
            return Optional.of(new StepRecord(
                    fields.named(Step.class, "act"),
                    fields.text("by"),
                    fields.instant("startedAt"),
                    fields.millis("offsetMillis"),
                    Duration.ofMillis(fields.number("millis")),
                    fields.named(StepResult.Kind.class, "outcome"),
                    fields.textIfAny("evidence").orElse("")));
        } catch (InvalidSettingsException unknown) {
            return Optional.empty();
        }
    }
}
