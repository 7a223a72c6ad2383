package dev.connectionregistry.admin.cli.preflight;

import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.preflight.Outcome;
import dev.connectionregistry.admin.preflight.PreflightReport;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Result;
import java.util.LinkedHashMap;
import java.util.Map;

/** The results of checks, as a document for {@code --output json}. Pure. */
public final class PreflightDocuments {
    private PreflightDocuments() {}

    public static Map<String, Object> report(PreflightReport report, CommandText commands) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("database", report.pair().database().value());
        document.put("source", report.pair().sourceSettings().endpoint().toString());
        document.put("target", report.pair().targetSettings().endpoint().toString());
        document.put("sourceRole", report.pair().source().username());
        document.put("targetRole", report.pair().target().username());
        Map<String, Object> counts = new LinkedHashMap<>();
        for (Outcome outcome : Outcome.values()) {
            counts.put(outcome.code(), report.of(outcome).size());
        }
        document.put("outcomes", counts);
        document.put(
                "checks",
                report.results().stream().map(result -> check(result, commands)).toList());
        return document;
    }

    private static Map<String, Object> check(Result result, CommandText commands) {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", result.about().name());
        document.put("group", result.about().group().word());
        document.put("outcome", result.outcome().code());
        document.put("message", result.finding().message());
        document.put("reason", result.about().reason());
        document.put(
                "remedies",
                result.finding().remedies().stream()
                        .map(remedy -> remedy(remedy, commands))
                        .toList());
        return document;
    }

    private static Map<String, Object> remedy(Remedy remedy, CommandText commands) {
        return Map.of(
                "where",
                remedy.place().code(),
                "text",
                remedy.place() == Remedy.Place.COMMAND ? commands.command(remedy.text()) : remedy.text());
    }
}
