package dev.connectionregistry.admin;

import com.google.inject.Guice;
import com.google.inject.Key;
import com.google.inject.Module;
import com.google.inject.Stage;
import com.google.inject.util.Modules;
import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.GlobalOptions;
import dev.connectionregistry.admin.cli.options.OperatorDefaults;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.cli.terminal.Console.OutputSettings;
import dev.connectionregistry.admin.cli.terminal.Terminal;
import dev.connectionregistry.admin.cli.terminal.Tone;
import dev.connectionregistry.admin.cli.wiring.AdminModule;
import dev.connectionregistry.admin.cli.wiring.DeferredRegistry;
import dev.connectionregistry.admin.cli.wiring.GuiceFactory;
import dev.connectionregistry.admin.cli.wiring.RegistryModule;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.ParseResult;

/** One run of the program: takes arguments, returns an exit code. Doesn't use the process's own streams directly. */
public final class Main {
    private final Console console;
    private final SystemTiming timing;
    private final Map<String, String> environment;
    private final OperatorDefaults defaults;
    private final GlobalOptions options;

    public Main(
            InputStream input,
            PrintStream out,
            PrintStream err,
            Terminal terminal,
            Map<String, String> environment,
            SystemTiming timing) {
        this.defaults = new OperatorDefaults(environment);
        this.options = new GlobalOptions(defaults);
        this.console = new Console(input, out, err, terminal, environment, options::outputSettings);
        this.environment = environment;
        this.timing = timing;
    }

    @SuppressWarnings("SystemExitOutsideMain")
    public static void main(String[] arguments) {
        SystemTiming timing = new SystemTiming();
        Main main = new Main(
                System.in,
                System.out,
                System.err,
                Terminal.detect(System.getProperties(), System.getenv()),
                System.getenv(),
                timing);
        StopOnSignal signal = StopOnSignal.install(timing, main.console::isReading);
        int code;
        try {
            code = main.run(arguments);
        } finally {
            signal.finished();
        }
        System.exit(code);
    }

    /** Runs with the registry that options and environment name. */
    public int run(String... arguments) {
        return run(Modules.combine(new RegistryModule(environment), new ServersModule()), arguments);
    }

    /** Runs with the registry and the servers that {@code registry} binds. */
    public int run(Module registry, String... arguments) {
        List<String> words = Arrays.asList(arguments);
        try {
            var injector = Guice.createInjector(
                    Stage.DEVELOPMENT, new AdminModule(options, defaults, console, timing, environment), registry);
            try {
                return commandLine(new GuiceFactory(injector), words).execute(arguments);
            } finally {
                if (injector.getExistingBinding(Key.get(DeferredRegistry.class)) != null) {
                    injector.getInstance(DeferredRegistry.class).close();
                }
            }
        } catch (Exception e) {
            return tell(e, words);
        }
    }

    private CommandLine commandLine(GuiceFactory factory, List<String> words) {
        CommandLine commandLine = new CommandLine(new RegistryAdmin(options), factory);
        Commands.meantBy(words)
                .forEach((name, type) -> commandLine.addSubcommand(name, new CommandLine(type, factory)));
        Converters.register(commandLine);
        return commandLine
                .setDefaultValueProvider(defaults)
                .setExecutionStrategy(this::execute)
                .setOut(new PrintWriter(console.out(), true, Charset.defaultCharset()))
                .setErr(new PrintWriter(console.err(), true, Charset.defaultCharset()))
                .setColorScheme(CommandLine.Help.defaultColorScheme(
                        console.coloredOutput() ? CommandLine.Help.Ansi.ON : CommandLine.Help.Ansi.OFF))
                .setExpandAtFiles(false)
                .setAbbreviatedOptionsAllowed(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExitCodeExceptionMapper(error -> ExitCode.of(error).code())
                .setParameterExceptionHandler((error, given) -> tell(error, words))
                .setExecutionExceptionHandler((error, parsed, given) -> tell(error, words));
    }

    /** Help is shown even if the defaults are unusable. */
    private int execute(ParseResult parsed) {
        boolean onlyHelp = parsed.asCommandLineList().stream()
                .anyMatch(each -> each.isUsageHelpRequested() || each.isVersionHelpRequested());
        if (!onlyHelp) {
            requireUsableDefaults(parsed);
            defaults.warning().ifPresent(console::warn);
        }
        return new CommandLine.RunLast().execute(parsed);
    }

    /** Throws picocli's own exception: for any other that a strategy throws, picocli prints a stack trace. */
    private void requireUsableDefaults(ParseResult parsed) {
        try {
            defaults.requireUsable();
        } catch (InvalidSettingsException e) {
            throw new CommandLine.ExecutionException(
                    parsed.commandSpec().commandLine(), String.valueOf(e.getMessage()), e);
        }
    }

    private int tell(Exception error, List<String> words) {
        ErrorText text = ErrorText.of(error, words, options.prefix());
        OutputSettings settings = options.outputSettings();
        if (settings.json() || asksForJson(words)) {
            console.tell(Json.line(text.document()));
        } else {
            console.tell(Tone.BAD.paint("error: ", console.coloredError()) + text.message());
            if (!text.next().isEmpty()) {
                console.tell("next: " + text.next());
            }
        }
        if (settings.verbose()) {
            StringWriter trace = new StringWriter();
            error.printStackTrace(new PrintWriter(trace, true));
            console.tell(trace.toString());
        }
        console.err().flush();
        return ExitCode.of(error).code();
    }

    /** Even unreadable arguments may say that programs read the errors. */
    private static boolean asksForJson(List<String> words) {
        return words.contains("--output=json")
                || words.contains("-o=json")
                || words.contains("-ojson")
                || IntStream.range(1, words.size())
                        .anyMatch(index -> words.get(index).equals("json")
                                && List.of("--output", "-o").contains(words.get(index - 1)));
    }
}
