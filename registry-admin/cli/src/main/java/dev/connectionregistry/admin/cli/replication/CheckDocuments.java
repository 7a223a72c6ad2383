package dev.connectionregistry.admin.cli.replication;

import dev.connectionregistry.admin.cli.cutover.CutoverDocuments;
import dev.connectionregistry.admin.replication.Sequences.SequenceStanding;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SlotFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.SubscriptionFacts;
import dev.connectionregistry.admin.replication.status.ReplicationFacts.TableProgress;
import dev.connectionregistry.admin.replication.status.StatusReport;
import dev.connectionregistry.admin.replication.verify.TableVerdict;
import dev.connectionregistry.admin.replication.verify.TableVerdict.KeyDifference;
import dev.connectionregistry.admin.replication.verify.TableVerdict.Result;
import dev.connectionregistry.admin.replication.verify.VerifyReport;
import dev.connectionregistry.admin.server.SequenceState;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;

/** Status, verification and sequences as documents for {@code --output json}. Pure. */
public final class CheckDocuments {
    private CheckDocuments() {}

    private static Map<String, Object> servers(ServerPair pair) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", pair.database().value());
        document.put("source", pair.source().endpoint().toString());
        document.put("target", pair.target().endpoint().toString());
        return document;
    }

    private static Map<String, Object> table(TableName table) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("schema", table.schema());
        document.put("name", table.name());
        return document;
    }

    private static void put(Map<String, Object> document, String name, OptionalLong value) {
        value.ifPresent(number -> document.put(name, number));
    }

    /** The state of replication. */
    public static Map<String, Object> status(StatusReport report) {
        Map<String, Object> document = servers(report.pair());
        document.put("healthy", report.healthy());
        document.put("sourceVersion", report.facts().sourceVersion());
        document.put("targetVersion", report.facts().targetVersion());
        document.put(
                "subscriptions",
                report.facts().subscriptions().stream()
                        .map(each -> subscription(each, report))
                        .toList());
        document.put(
                "slots",
                report.facts().slots().stream().map(each -> slot(each, report)).toList());
        document.put(
                "slotsOnTarget",
                report.facts().targetSlots().stream()
                        .map(each -> slot(each, report))
                        .toList());
        document.put(
                "tables",
                report.facts().tables().stream().map(CheckDocuments::progress).toList());
        document.put(
                "notReplicated",
                report.facts().uncovered().stream().map(CheckDocuments::table).toList());
        document.put(
                "problems",
                report.problems().stream()
                        .map(each -> Map.of("bad", each.bad(), "what", each.what(), "next", each.remedy()))
                        .toList());
        return document;
    }

    private static Map<String, Object> subscription(SubscriptionFacts each, StatusReport report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", each.name());
        document.put("ours", report.ours().contains(each.name()));
        document.put("enabled", each.enabled());
        document.put("working", each.worker() != 0);
        document.put("slot", each.slot());
        document.put("follows", each.following().state().name().toLowerCase(Locale.ROOT));
        document.put("publications", each.publications());
        put(document, "applyErrors", each.applyErrors());
        put(document, "copyErrors", each.copyErrors());
        document.put("conflicts", each.conflicts());
        return document;
    }

    private static Map<String, Object> slot(SlotFacts each, StatusReport report) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", each.name());
        document.put("plugin", each.plugin());
        document.put("active", each.active());
        put(document, "lagBytes", each.behind());
        report.delay(each.name()).ifPresent(delay -> document.put("lagMillis", delay.toMillis()));
        put(document, "retainedBytes", each.retained());
        document.put("walStatus", each.walStatus());
        put(document, "safeBytes", each.safe());
        return document;
    }

    private static Map<String, Object> progress(TableProgress each) {
        Map<String, Object> document = table(each.table());
        document.put("subscription", each.subscription());
        document.put("state", CutoverDocuments.word(each.state()));
        put(document, "copiedBytes", each.copiedBytes());
        put(document, "copiedRows", each.copiedRows());
        return document;
    }

    public static Map<String, Object> verify(VerifyReport report) {
        Map<String, Object> document = servers(report.pair());
        document.put("equal", report.count(Result.EQUAL));
        document.put("different", report.count(Result.DIFFERENT));
        document.put("notCompared", report.count(Result.NOT_COMPARED));
        document.put("waitedFor", report.waitedFor());
        document.put("seed", report.seed());
        document.put("millis", report.took().toMillis());
        document.put(
                "tables", report.tables().stream().map(CheckDocuments::verdict).toList());
        document.put("notes", report.notes());
        return document;
    }

    private static Map<String, Object> verdict(TableVerdict each) {
        Map<String, Object> document = table(each.table());
        document.put("verdict", CutoverDocuments.word(each.result()));
        put(document, "sourceRows", each.sourceRows());
        put(document, "targetRows", each.targetRows());
        document.put("contentsCompared", each.compared());
        document.put("reason", each.reason());
        document.put("rowsDiffering", each.differing());
        document.put("atLeast", each.more());
        document.put("keyColumns", each.keyColumns());
        document.put(
                "differences",
                each.differences().stream().map(CheckDocuments::difference).toList());
        document.put("millis", each.took().toMillis());
        return document;
    }

    private static Map<String, Object> difference(KeyDifference each) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("key", each.key());
        document.put("kind", CutoverDocuments.word(each.kind()));
        return document;
    }

    public static Map<String, Object> sequences(ServerPair pair, List<SequenceStanding> standings, boolean copied) {
        Map<String, Object> document = servers(pair);
        document.put("copied", copied);
        document.put(
                "sequences", standings.stream().map(CheckDocuments::sequence).toList());
        return document;
    }

    private static Map<String, Object> sequence(SequenceStanding each) {
        Map<String, Object> document = table(each.name());
        document.put("standing", CutoverDocuments.word(each.standing()));
        document.put("source", state(each.source()));
        each.target().ifPresent(target -> document.put("target", state(target)));
        return document;
    }

    private static Map<String, Object> state(SequenceState state) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("lastValue", state.lastValue());
        document.put("called", state.called());
        return document;
    }
}
