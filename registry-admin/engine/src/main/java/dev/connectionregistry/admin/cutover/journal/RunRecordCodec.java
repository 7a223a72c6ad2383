package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.decision.Step;
import dev.connectionregistry.admin.cutover.decision.StepResult;
import dev.connectionregistry.admin.cutover.fence.FencePlanCodec;
import dev.connectionregistry.admin.cutover.journal.RunRecord.PostgresDatabase;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.PostgresIdentity.ServerRun;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Run records as documents of plain values and back. Attributes that it doesn't know are skipped. Pure. */
public final class RunRecordCodec {
    private static final int LONGEST_EVIDENCE = 500;
    /**
     * What is said about each name, if a group has several; in a Postgres database's part, which of them are its names.
     */
    private static final String NAMES = "names";

    private static final String DATABASES = "databases";
    /** For a name that only reads: the name in the group from whose standbys it reads. */
    private static final String READER_OF = "readerOf";

    private RunRecordCodec() {}

    /**
     * A run of one name has the layout of earlier releases; one of several has a layout that those releases refuse,
     * instead of moving one name.
     */
    public static Map<String, Object> toDocument(RunRecord record) {
        RunSpec spec = record.spec();
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", spec.id());
        document.put("rehearsal", spec.rehearsal());
        document.put("by", spec.by());
        document.put("startedAt", spec.startedAt().toString());
        document.put("reason", spec.reason());
        document.put("options", OptionsCodec.toDocument(spec.options()));
        document.put("coordinators", record.coordinators());
        if (spec.members().size() == 1) {
            document.putAll(member(spec.home()));
            document.putAll(database(record.database(spec.database())));
        } else {
            document.put(
                    NAMES, spec.members().stream().map(RunRecordCodec::member).toList());
            document.put(
                    DATABASES,
                    record.databases().stream().map(RunRecordCodec::named).toList());
        }
        document.put("steps", record.steps().stream().map(RunRecordCodec::step).toList());
        document.put("reverseSlotBegun", record.reverseSlotBegun());
        document.put("act", record.step().name());
        document.put("undoing", record.undoing());
        record.outcome().ifPresent(outcome -> document.put("outcome", outcome.name()));
        document.put("cause", record.cause());
        return document;
    }

    private static Map<String, Object> member(GroupMember member) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", member.name().value());
        document.put("baseVersion", member.baseVersion());
        document.put("from", member.source().endpoint().toString());
        document.put("to", member.target().endpoint().toString());
        document.put("old", SettingsCodec.toDocument(member.source()));
        document.put("target", SettingsCodec.toDocument(member.target()));
        member.primary().ifPresent(primary -> document.put(READER_OF, primary.value()));
        return document;
    }

    private static Map<String, Object> named(PostgresDatabase database) {
        Map<String, Object> document = database(database);
        document.put(NAMES, database.names().stream().map(DatabaseName::value).toList());
        return document;
    }

    private static Map<String, Object> database(PostgresDatabase database) {
        Map<String, Object> document = new LinkedHashMap<>();
        database.fence().ifPresent(plan -> document.put("fence", FencePlanCodec.toDocument(plan)));
        database.source().ifPresent(identity -> document.put("oldServer", identity(identity)));
        database.target().ifPresent(identity -> document.put("newServer", identity(identity)));
        return document;
    }

    private static Map<String, Object> identity(PostgresIdentity identity) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("systemIdentifier", identity.systemIdentifier());
        document.put("database", identity.database());
        document.put("major", (long) identity.major());
        document.put("version", identity.version());
        identity.run().ifPresent(run -> {
            document.put("timeline", (long) run.timeline());
            document.put("startedAt", run.startedAt());
        });
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
        RunSpec spec = spec(fields);
        return new RunRecord(
                spec,
                fields.texts("coordinators"),
                databases(spec, fields),
                steps(fields.list("steps")),
                fields.flag("reverseSlotBegun"),
                fields.named(Step.class, "act"),
                fields.flag("undoing"),
                fields.namedIfAny(RunOutcome.class, "outcome"),
                fields.textIfAny("cause").orElse(""));
    }

    /**
     * The record of one run; a journal that is under this run's key but describes another run is refused.
     *
     * @param database one of the names that it moves
     * @throws InvalidSettingsException as {@link #record(Map)}
     */
    public static RunRecord record(Map<String, ?> document, DatabaseName database, String runId) {
        RunRecord record = record(document);
        if (record.spec().member(database).isEmpty() || !record.spec().id().equals(runId)) {
            throw new InvalidSettingsException("the journal of cutover " + runId + " of '" + database
                    + "' can't be read: it says that it belongs to "
                    + record.spec().id() + " of '"
                    + record.spec().database() + "'");
        }
        return record;
    }

    private static RunSpec spec(JournalFields fields) {
        String id = fields.text("id");
        List<JournalFields> names = fields.withinAll(NAMES);
        List<GroupMember> members = new ArrayList<>();
        for (JournalFields each : names.isEmpty() ? List.of(fields) : names) {
            members.add(new GroupMember(
                    new DatabaseName(each.text("database")),
                    RunSpec.transitionId(id, members.size()),
                    each.number("baseVersion"),
                    SettingsCodec.settings(each.map("old")),
                    SettingsCodec.settings(each.map("target")),
                    each.textIfAny(READER_OF).map(DatabaseName::new)));
        }
        requirePrimaries(members);
        return new RunSpec(
                id,
                fields.flag("rehearsal"),
                fields.text("by"),
                fields.instant("startedAt"),
                fields.textIfAny("reason").orElse(""),
                members,
                OptionsCodec.options(fields.require("options")));
    }

    private static void requirePrimaries(List<GroupMember> members) {
        for (GroupMember member : members) {
            boolean known = member.primary().isEmpty()
                    || members.stream()
                            .anyMatch(
                                    each -> !each.isReader() && member.primary().equals(Optional.of(each.name())));
            if (!known) {
                throw JournalFields.wrong(
                        READER_OF,
                        "of '" + member.name() + "' is '" + member.primary().get()
                                + "', which is not a name of this run whose Postgres database moves");
            }
        }
    }

    /**
     * Only by the run's own names: slots are named after them, so another name here could lead to a slot that others
     * need.
     */
    private static List<PostgresDatabase> databases(RunSpec spec, JournalFields fields) {
        if (spec.members().size() == 1) {
            return List.of(database(List.of(spec.database()), fields));
        }
        List<PostgresDatabase> databases = fields.withinAll(DATABASES).stream()
                .map(each -> database(
                        each.texts(NAMES).stream().map(DatabaseName::new).toList(), each))
                .toList();
        List<List<DatabaseName>> names =
                databases.stream().map(PostgresDatabase::names).toList();
        if (!names.equals(spec.databaseNames())) {
            throw JournalFields.wrong(DATABASES, "has " + names + ", but the run moves " + spec.databaseNames());
        }
        return databases;
    }

    private static PostgresDatabase database(List<DatabaseName> names, JournalFields fields) {
        return new PostgresDatabase(
                names,
                fields.mapIfPresent("fence").map(FencePlanCodec::plan),
                fields.within("oldServer").map(RunRecordCodec::identity),
                fields.within("newServer").map(RunRecordCodec::identity));
    }

    private static PostgresIdentity identity(JournalFields fields) {
        return new PostgresIdentity(
                fields.text("systemIdentifier"),
                fields.text("database"),
                (int) fields.number("major"),
                fields.text("version"),
                fields.textIfAny("startedAt").map(at -> new ServerRun((int) fields.number("timeline"), at)));
    }

    private static List<StepRecord> steps(List<?> documents) {
        return documents.stream()
                .filter(Map.class::isInstance)
                .map(each -> new JournalFields((Map<?, ?>) each))
                .flatMap(fields -> step(fields).stream())
                .toList();
    }

    /** The list of steps is for people: a step that this release doesn't know is left out. */
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
