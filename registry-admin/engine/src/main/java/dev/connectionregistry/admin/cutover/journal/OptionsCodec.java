package dev.connectionregistry.admin.cutover.journal;

import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.RunOptions;
import dev.connectionregistry.admin.cutover.RunTimes;
import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.server.AdminLogin;
import dev.connectionregistry.admin.server.Side;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A run's options as a document of plain values and back. Pure. */
final class OptionsCodec {
    /** How journals name the two servers. */
    private static final String SOURCE = "OLD";

    private static final String TARGET = "NEW";

    private OptionsCodec() {}

    static Map<String, Object> toDocument(RunOptions options) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("fence", options.fence().name());
        document.put("exemptRoles", options.exemptRoles().stream().sorted().toList());
        document.put("barrier", barrier(options.barrier()));
        document.put("sequenceMargin", options.sequenceMargin());
        document.put("verifyTables", options.verifyTables());
        options.reverseSlot().ifPresent(slot -> document.put("reverseSlot", slot));
        document.put("times", times(options.times()));
        document.put("cancelStragglers", options.cancelStragglers());
        document.put("without", options.without().stream().sorted().toList());
        document.put("signals", options.signals());
        document.put("oldAdmin", login(options.sourceAdmin()));
        document.put("newAdmin", login(options.targetAdmin()));
        if (!options.uncounted().isEmpty()) {
            document.put("uncounted", options.uncounted());
        }
        return document;
    }

    private static Map<String, Object> barrier(BarrierChoice choice) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("kind", choice.kind().name());
        document.put("side", choice.side().of(SOURCE, TARGET));
        if (choice.kind().isExecuted()) {
            document.put("digest", choice.digest());
        } else {
            document.put("text", choice.text());
        }
        return document;
    }

    private static Map<String, Object> times(RunTimes times) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("holdBudgetMillis", times.holdBudget().toMillis());
        document.put("graceMillis", times.grace().toMillis());
        document.put("pollIntervalMillis", times.pollInterval().toMillis());
        document.put("prepareTimeoutMillis", times.prepareTimeout().toMillis());
        return document;
    }

    /**
     * Only the role, for people. The password reference stays with the operator: one who takes over gives a reference
     * of their own.
     */
    private static Map<String, Object> login(AdminLogin login) {
        Map<String, Object> document = new LinkedHashMap<>();
        login.username().ifPresent(name -> document.put("username", name));
        return document;
    }

    static RunOptions options(JournalFields fields) {
        RepeatedOptions repeated = new RepeatedOptions(
                barrier(fields.require("barrier")),
                Set.copyOf(fields.texts("exemptRoles")),
                Set.copyOf(fields.texts("without")),
                fields.flag("cancelStragglers"),
                fields.number("sequenceMargin"),
                fields.textIfAny("reverseSlot"),
                fields.named(FenceKind.class, "fence"),
                fields.texts("verifyTables"),
                fields.textsIfAny("uncounted"));
        return new RunOptions(
                repeated,
                times(fields.require("times")),
                fields.flag("signals"),
                login(fields.require("oldAdmin")),
                login(fields.require("newAdmin")));
    }

    private static BarrierChoice barrier(JournalFields fields) {
        return BarrierChoice.journalled(
                fields.named(BarrierChoice.Kind.class, "kind"),
                fields.textIfAny("text").orElse(""),
                side(fields.text("side")),
                fields.textIfAny("digest").orElse(""));
    }

    private static Side side(String text) {
        return switch (text) {
            case SOURCE -> Side.SOURCE;
            case TARGET -> Side.TARGET;
            default -> throw new InvalidSettingsException("the journal can't be read: 'side' is '" + text + "'");
        };
    }

    private static RunTimes times(JournalFields fields) {
        return new RunTimes(
                fields.millis("holdBudgetMillis"),
                fields.millis("graceMillis"),
                fields.millis("pollIntervalMillis"),
                fields.millis("prepareTimeoutMillis"),
                RunTimes.PATIENCE);
    }

    private static AdminLogin login(JournalFields fields) {
        return new AdminLogin(fields.textIfAny("username"), Optional.empty());
    }
}
