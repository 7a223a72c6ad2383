package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.terminal.Console.OutputSettings;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command takes, before or after its name. Filled in while the arguments are read. */
public final class GlobalOptions {
    /** The output formats. */
    public enum Format {
        text,
        json
    }

    /** When to use colours. */
    public enum ColorChoice {
        auto,
        always,
        never
    }

    @Option(
            names = "--table",
            scope = ScopeType.INHERIT,
            paramLabel = "TABLE",
            description = "the registry's table (REGISTRY_TABLE; default connection-registry)")
    private Optional<String> table = Optional.empty();

    @Option(
            names = "--region",
            scope = ScopeType.INHERIT,
            paramLabel = "REGION",
            description = "the table's region (AWS_REGION, profile)")
    private Optional<String> region = Optional.empty();

    @Option(
            names = "--endpoint-url",
            scope = ScopeType.INHERIT,
            paramLabel = "URL",
            description = "where DynamoDB answers, if not at the region's address (AWS_ENDPOINT_URL_DYNAMODB)")
    private Optional<String> endpointUrl = Optional.empty();

    @Option(
            names = "--profile",
            scope = ScopeType.INHERIT,
            paramLabel = "PROFILE",
            description = "a profile of the AWS configuration files (AWS_PROFILE)")
    private Optional<String> profile = Optional.empty();

    @Option(
            names = {"-o", "--output"},
            scope = ScopeType.INHERIT,
            paramLabel = "FORMAT",
            description = "text (default) or json")
    private Format output = Format.text;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            description = "also stack traces")
    private boolean verbose;

    @Option(
            names = "--color",
            scope = ScopeType.INHERIT,
            paramLabel = "WHEN",
            description = "auto (default), always or never (NO_COLOR)")
    private ColorChoice color = ColorChoice.auto;

    @Option(names = "--no-color", scope = ScopeType.INHERIT, description = "the same as --color never")
    private boolean noColor;

    private final OperatorDefaults defaults;

    /** Without the operator's defaults. */
    public GlobalOptions() {
        this(new OperatorDefaults(Map.of()));
    }

    /** With the operator's defaults for all commands. */
    public GlobalOptions(OperatorDefaults defaults) {
        this.defaults = defaults;
    }

    public Optional<String> table() {
        return table;
    }

    public Optional<String> region() {
        return region;
    }

    /** The given address of DynamoDB. */
    public Optional<String> endpointUrl() {
        return endpointUrl;
    }

    public Optional<String> profile() {
        return profile;
    }

    /** What the user wants to see. */
    public OutputSettings outputSettings() {
        OutputSettings.Color when = noColor
                ? OutputSettings.Color.NEVER
                : OutputSettings.Color.valueOf(color.name().toUpperCase(Locale.ROOT));
        return new OutputSettings(output == Format.json, verbose, when);
    }

    /**
     * How this program was called, for commands that the operator copies: its name, and the table unless a default has
     * it.
     */
    public String prefix() {
        StringBuilder prefix = new StringBuilder("registry-admin");
        append(prefix, "--table", table);
        append(prefix, "--region", region);
        append(prefix, "--endpoint-url", endpointUrl);
        append(prefix, "--profile", profile);
        return prefix.toString();
    }

    private void append(StringBuilder prefix, String option, Optional<String> value) {
        value.filter(text -> !defaults.value(option).equals(Optional.of(text)))
                .ifPresent(text -> prefix.append(' ').append(option).append(' ').append(quoted(text)));
    }

    private static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+=-]+") ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
