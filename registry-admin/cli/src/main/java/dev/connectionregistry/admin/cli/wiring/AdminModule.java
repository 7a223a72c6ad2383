package dev.connectionregistry.admin.cli.wiring;

import com.google.inject.AbstractModule;
import com.google.inject.Provides;
import dev.connectionregistry.admin.cli.options.GlobalOptions;
import dev.connectionregistry.admin.cli.options.OperatorDefaults;
import dev.connectionregistry.admin.cli.terminal.Console;
import dev.connectionregistry.admin.common.CommandText;
import dev.connectionregistry.admin.common.SystemTiming;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.cutover.journal.JournalHistory;
import dev.connectionregistry.admin.preflight.CutoverHistory;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.admin.server.AdminDefaults;
import dev.connectionregistry.admin.settings.Authorship;
import java.time.Clock;
import java.util.Map;

/** Binds everything except the registry. */
public final class AdminModule extends AbstractModule {
    private final GlobalOptions options;
    private final OperatorDefaults defaults;
    private final Console console;
    private final SystemTiming timing;
    private final Map<String, String> environment;

    public AdminModule(
            GlobalOptions options,
            OperatorDefaults defaults,
            Console console,
            SystemTiming timing,
            Map<String, String> environment) {
        this.options = options;
        this.defaults = defaults;
        this.console = console;
        this.timing = timing;
        this.environment = environment;
    }

    @Override
    protected void configure() {
        bind(GlobalOptions.class).toInstance(options);
        bind(OperatorDefaults.class).toInstance(defaults);
        bind(Console.class).toInstance(console);
        bind(AdminBounds.class).toInstance(new AdminBounds(environment));
        bind(Timing.class).toInstance(timing);
        bind(CutoverHistory.class).to(JournalHistory.class);
        bind(CommandText.class).toInstance(new CommandText(options::prefix));
        bind(Authorship.class).toInstance(new Authorship(new Operator(environment)::name, Clock.systemUTC()));
    }

    @Provides
    AdminDefaults logins() {
        return defaults.logins();
    }
}
