package dev.connectionregistry.admin.cli.settings;

import dev.connectionregistry.admin.cli.options.Credentials;
import dev.connectionregistry.admin.cli.options.FileProblems;
import dev.connectionregistry.admin.cli.options.FormerSourceOption;
import dev.connectionregistry.admin.cli.options.WriteOptions;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.admin.settings.BoundsPreview;
import dev.connectionregistry.admin.settings.ChangeSettings;
import dev.connectionregistry.admin.settings.ChangeSettings.ChangeRequest;
import dev.connectionregistry.core.internal.codec.SettingsCodec;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.VersionedSettings;
import jakarta.inject.Inject;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Imports settings from JSON. */
@Command(
        name = "import",
        description = {
            "Imports settings from JSON: one document as written by export, or a list of them. Each becomes the next"
                    + " version of its database; version and author in the document are ignored. An export made during"
                    + " a cutover is refused."
        },
        footer = {
            "",
            "Examples:",
            "  registry-admin import orders.json --reason 'from staging'",
            "  registry-admin export orders | sed s/db1/db2/ \\",
            "      | registry-admin import - --dry-run"
        })
public final class ImportCommand implements Runnable {
    @Parameters(paramLabel = "FILE", description = "the file, or - for stdin")
    private String file = "-";

    @Mixin
    private final WriteOptions writing = new WriteOptions();

    @Mixin
    private final FormerSourceOption leftServer = new FormerSourceOption();

    private final ChangeSettings changes;
    private final Console console;
    private final Results results;
    private final AdminBounds bounds;
    private final BoundsPreview look;

    @Inject
    ImportCommand(ChangeSettings changes, Console console, Results results, AdminBounds bounds, BoundsPreview look) {
        this.bounds = bounds;
        this.look = look;
        this.changes = changes;
        this.console = console;
        this.results = results;
    }

    @Override
    public void run() {
        List<VersionedSettings> documents = parse(read());
        for (VersionedSettings settings : documents) {
            ChangeRequest request = writing.request(settings.database());
            if (request.ifVersion().isPresent() && documents.size() > 1) {
                throw new InvalidSettingsException("--if-version fits one document, not " + documents.size());
            }
        }
        documents.forEach(this::warn);
        documents.forEach(settings -> results.change(changes.replace(
                writing.request(settings.database()).acceptingLeftServer(leftServer.accepted()), settings)));
    }

    private void warn(VersionedSettings document) {
        Credentials.warn(console, Optional.of(document.settings().password()));
        look.refusals(document.database(), document.settings()).forEach(console::warn);
    }

    private String read() {
        try {
            return file.equals("-") ? console.readInput() : Files.readString(Path.of(file));
        } catch (MalformedInputException e) {
            throw new InvalidSettingsException(file + " is not UTF-8 text");
        } catch (IOException e) {
            throw FileProblems.of("can't read", Path.of(file), e);
        }
    }

    private List<VersionedSettings> parse(String text) {
        Problems problems = new Problems();
        List<VersionedSettings> parsed = new ArrayList<>();
        Object json = read(text);
        List<?> documents = json instanceof List<?> list ? list : List.of(json);
        for (int index = 0; index < documents.size(); index++) {
            String where = name() + (json instanceof List<?> ? ", document " + (index + 1) : "") + ": ";
            try {
                VersionedSettings settings = settings(documents.get(index));
                problems.require(
                        parsed.stream().noneMatch(other -> other.database().equals(settings.database())),
                        where + "database '" + settings.database() + "' is in it twice");
                parsed.add(settings);
            } catch (InvalidSettingsException e) {
                e.problems().forEach(problem -> problems.add(where + problem));
            }
        }
        problems.throwIfAny();
        return parsed;
    }

    private String name() {
        return file.equals("-") ? "stdin" : file;
    }

    private Object read(String text) {
        try {
            return Json.read(text);
        } catch (InvalidSettingsException e) {
            throw new InvalidSettingsException(name() + ": " + e.getMessage());
        }
    }

    private VersionedSettings settings(Object json) {
        if (!(json instanceof Map<?, ?> map)) {
            throw new InvalidSettingsException("a document must be a JSON object, as written by export");
        }
        Map<String, Object> document = new LinkedHashMap<>();
        map.forEach((name, value) -> document.put(String.valueOf(name), value));
        document.remove(Documents.CHANGES); // from history --output json
        document.remove(Documents.FLEET); // from list --output json
        document.putIfAbsent("version", 1L);
        VersionedSettings settings = SettingsCodec.versioned(document);
        if (settings.removed()) {
            throw new InvalidSettingsException("the document of '" + settings.database()
                    + "' is marked as removed; use remove, or delete 'removed' from it");
        }
        if (settings.transition().isPresent()) {
            throw new InvalidSettingsException("the document of '" + settings.database()
                    + "' is the export of a cutover under way; remove `transition` from it");
        }
        bounds.requireProperties(settings.settings().properties());
        return settings;
    }
}
