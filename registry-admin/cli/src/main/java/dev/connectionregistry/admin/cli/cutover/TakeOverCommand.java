package dev.connectionregistry.admin.cli.cutover;

import dev.connectionregistry.admin.cli.options.AdminOptions;
import dev.connectionregistry.admin.cli.options.Converters;
import dev.connectionregistry.admin.cli.options.NoLiteralPassword;
import dev.connectionregistry.admin.cutover.RepeatedOptions;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest;
import dev.connectionregistry.admin.cutover.coordinator.Cutovers.TakeOverRequest.Servers;
import dev.connectionregistry.admin.cutover.decision.RunState.Purpose;
import dev.connectionregistry.settings.DatabaseName;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands that resume and abort a cutover have in common: everything except the purpose. */
abstract class TakeOverCommand implements Runnable {
    @Parameters(paramLabel = "DB", description = "the database")
    private @Nullable DatabaseName database;

    @Option(names = "--run", paramLabel = "ID", description = "only if this is the open run")
    private Optional<String> run = Optional.empty();

    @Mixin
    private @Nullable AdminOptions admins;

    @Mixin
    @SuppressWarnings("UnusedVariable") // its presence refuses the option
    private final NoLiteralPassword literal = new NoLiteralPassword();

    @Option(
            names = "--from",
            paramLabel = "HOST:PORT[/NAME]",
            description = "the source, if neither the settings nor their history have it")
    private Converters.@Nullable EndpointText from;

    @Option(
            names = "--to",
            paramLabel = "HOST:PORT[/NAME]",
            description = "the target, if neither the settings nor their history have it")
    private Converters.@Nullable EndpointText to;

    @Option(
            names = "--map",
            paramLabel = "DB=HOST:PORT[/NAME]",
            description = "the target of one of several databases, if it differs; may be repeated")
    private List<Converters.MappedName> mapped = new ArrayList<>();

    private final Purpose purpose;
    private final Cutovers cutovers;
    private final CutoverPrinter show;

    TakeOverCommand(Purpose purpose, Cutovers cutovers, CutoverPrinter show) {
        this.purpose = purpose;
        this.cutovers = cutovers;
        this.show = show;
    }

    /** The options of the run's start that are never taken from the journal. */
    abstract RepeatedOptions repeated(DatabaseName name);

    /** What must also be accepted, and was not. */
    Optional<String> unaccepted() {
        return Optional.empty();
    }

    @Override
    public void run() {
        DatabaseName name = Objects.requireNonNull(database);
        AdminOptions logins = Objects.requireNonNull(admins, "picocli makes it");
        Servers servers = new Servers(text(from), text(to), targets(), show::confirm);
        TakeOverRequest request = new TakeOverRequest(
                name, run, purpose, logins.onSource(), logins.onTarget(), repeated(name), unaccepted(), servers);
        show.result(cutovers.takeOver(request, show.talk()));
    }

    private Map<DatabaseName, String> targets() {
        return Converters.MappedName.targets(mapped).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().text()));
    }

    private static Optional<String> text(Converters.@Nullable EndpointText endpoint) {
        return Optional.ofNullable(endpoint).map(Converters.EndpointText::text);
    }
}
