package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.fleet.FleetDocuments;
import dev.connectionregistry.admin.cutover.CutoverResult;
import dev.connectionregistry.admin.cutover.GroupMember;
import dev.connectionregistry.admin.cutover.RunSpec;
import dev.connectionregistry.admin.cutover.StepRecord;
import dev.connectionregistry.admin.cutover.coordinator.CutoverStatus;
import dev.connectionregistry.admin.cutover.coordinator.FenceStatus;
import dev.connectionregistry.admin.cutover.coordinator.PlanText;
import dev.connectionregistry.admin.cutover.coordinator.RunFence;
import dev.connectionregistry.admin.cutover.coordinator.RunSummary;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FenceStatements;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.registry.CutoverLock;
import dev.connectionregistry.settings.DatabaseName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Cutovers as documents for {@code --output json}. Pure. */
public final class CutoverDocuments {
    private CutoverDocuments() {}

    public static Map<String, Object> result(CutoverResult result, RunSummary summary) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("id", result.spec().id());
        document.put("database", result.spec().database().value());
        document.put("outcome", word(result.outcome()));
        document.put("from", result.spec().source().endpoint().toString());
        document.put("to", result.spec().target().endpoint().toString());
        result.version().ifPresent(version -> document.put("version", version));
        result.hold().ifPresent(hold -> document.put("holdMillis", hold.toMillis()));
        result.holdKnown().ifPresent(known -> document.put("holdKnownMillis", known.toMillis()));
        document.put("fence", summary.fence());
        document.put("callers", summary.callers());
        document.put("cause", result.state().cause());
        document.put("steps", steps(result.steps()));
        document.put("warnings", result.warnings());
        summary.noWayBack().ifPresent(words -> document.put("note", words));
        document.put(
                "databases",
                result.spec().databases().stream()
                        .map(each -> database(each, result, summary))
                        .toList());
        document.putAll(readers(result.spec()));
        if (summary.wayBack().size() == 1) {
            document.put("next", summary.wayBack().get(0));
        }
        return document;
    }

    private static Map<String, Object> database(List<GroupMember> members, CutoverResult result, RunSummary summary) {
        Map<String, Object> document = database(members);
        document.put(
                "versions",
                members.stream()
                        .flatMap(each -> Optional.ofNullable(result.versions().get(each.name())).stream())
                        .toList());
        summary.wayBack(members.get(0)).ifPresent(command -> document.put("next", command));
        return document;
    }

    /** One of the Postgres databases that the fleet leaves. */
    private static Map<String, Object> database(List<GroupMember> members) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("names", members.stream().map(each -> each.name().value()).toList());
        document.put("from", members.get(0).source().endpoint().toString());
        document.put("to", members.get(0).target().endpoint().toString());
        return document;
    }

    /** The names that read from standbys; nothing if there are none. */
    private static Map<String, Object> readers(RunSpec spec) {
        List<Map<String, Object>> readers = new ArrayList<>();
        for (GroupMember each : spec.readers()) {
            Map<String, Object> document = new LinkedHashMap<>();
            document.put("name", each.name().value());
            document.put("primary", each.primary().orElseThrow().value());
            document.put("from", each.source().endpoint().toString());
            document.put("to", each.target().endpoint().toString());
            readers.add(document);
        }
        return readers.isEmpty() ? Map.of() : Map.of("readers", readers);
    }

    private static List<Map<String, Object>> steps(List<StepRecord> steps) {
        return steps.stream().map(CutoverDocuments::step).toList();
    }

    private static Map<String, Object> step(StepRecord step) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("step", word(step.step()));
        document.put("startedAt", step.startedAt().toString());
        document.put("offsetMillis", step.offset().toMillis());
        document.put("millis", step.took().toMillis());
        document.put("outcome", word(step.kind()));
        document.put("evidence", step.evidence());
        return document;
    }

    /** {@code switched-not-all-seen}. */
    public static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Map<String, Object> plan(RunRecord record) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("dryRun", true);
        document.put("database", record.spec().database().value());
        document.put("from", record.spec().source().endpoint().toString());
        document.put("to", record.spec().target().endpoint().toString());
        document.put("plan", PlanText.lines(record));
        record.fence().ifPresent(fence -> document.putAll(statements(fence)));
        document.put(
                "databases",
                record.spec().databases().stream()
                        .map(each -> {
                            Map<String, Object> database = database(each);
                            record.database(each.get(0).name())
                                    .fence()
                                    .ifPresent(fence -> database.putAll(statements(fence)));
                            return database;
                        })
                        .toList());
        document.putAll(readers(record.spec()));
        return document;
    }

    private static Map<String, Object> statements(FencePlan fence) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("fenceUp", FenceStatements.up(fence));
        document.put("fenceDown", FenceStatements.downByHand(fence));
        return document;
    }

    public static Map<String, Object> status(CutoverStatus status) {
        Map<String, Object> document = new LinkedHashMap<>(FleetDocuments.status(status.current(), status.fleet()));
        status.lock().ifPresent(lock -> document.put("lock", lock(lock)));
        status.run().ifPresent(run -> document.put("run", RunRecordCodec.toDocument(run)));
        if (!status.together().isEmpty()) {
            document.put(
                    "names", status.together().stream().map(DatabaseName::value).toList());
        }
        status.problem().ifPresent(problem -> document.put("problem", problem));
        status.fence().ifPresent(fence -> document.put("fence", fence(fence)));
        status.standingFence().ifPresent(plan -> {
            document.put("fenceDown", FenceStatements.downByHand(plan));
            document.put("fenceDownBy", status.recorded().isPresent() ? "server" : "journal");
        });
        if (!status.left().isEmpty()) {
            document.put(
                    "fencesLeft",
                    status.left().stream().map(CutoverDocuments::left).toList());
        }
        document.put("next", status.next());
        return document;
    }

    private static Map<String, Object> left(RunFence view) {
        Map<String, Object> document = fence(view.now());
        document.put("run", view.run().spec().id());
        document.put("server", view.run().spec().source().endpoint().toString());
        view.plan().ifPresent(plan -> document.put("fenceDown", FenceStatements.downByHand(plan)));
        return document;
    }

    private static Map<String, Object> fence(FenceStatus fence) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("state", word(fence.state()));
        document.put("source", fence.source());
        return document;
    }

    private static Map<String, Object> lock(CutoverLock lock) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("epoch", lock.epoch());
        document.put("run", lock.runId());
        document.put("held", lock.held());
        document.put("by", lock.by());
        document.put("at", lock.at().toString());
        return document;
    }
}
