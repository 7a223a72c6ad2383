package dev.connectionregistry.admin;

import dev.connectionregistry.admin.cli.options.GlobalOptions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The command without a subcommand: global options and help. */
@Command(
        name = "registry-admin",
        versionProvider = RegistryAdmin.Version.class,
        description = "Moves fleets of services from one Postgres to another, and manages their connection settings.",
        sortOptions = false,
        usageHelpAutoWidth = true,
        synopsisSubcommandLabel = "COMMAND",
        commandListHeading = "%nCommands:%n",
        optionListHeading = "%nOptions:%n",
        footer = {
            "",
            "Examples:",
            "  registry-admin add orders --endpoint db1:5432/orders \\",
            "      --username app --password-ref env:ORDERS_PASSWORD",
            "  registry-admin set-endpoint orders db2:5432 --poll-interval 1s \\",
            "      --reason 'upgrade to 18'",
            "  registry-admin status orders --watch",
            "",
            "Exit codes:",
            "  0 done, 1 failed, 2 usage, 3 version conflict,",
            "  4 the fleet did not converge in time, 5 undone, 130 stopped by Ctrl-C",
            "",
            "Environment:",
            "  REGISTRY_TABLE, AWS_REGION, AWS_PROFILE, AWS_ENDPOINT_URL_DYNAMODB and the",
            "  SDK's other variables; REGISTRY_CHANGED_BY (for the history), NO_COLOR,",
            "  JAVA_HOME, REGISTRY_ADMIN_JAVA_OPTS, REGISTRY_ADMIN_CDS=off",
            "",
            "Defaults of options: REGISTRY_ADMIN_TABLE, _REGION, _PROFILE, _ENDPOINT_URL,",
            "  _USERNAME, _PASSWORD_REF, and lines in ~/.registry-admin.properties:",
            "    region = eu-central-1",
            "    admin-username = ops",
            "    admin-password-ref = env:OPS_PASSWORD",
            "    admin-username@db2.internal:5432 = postgres",
            "    admin-password-ref@db2.internal:5432 = file:/home/ops/db2.password",
            "  'registry-admin doctor' shows which apply"
        })
@SuppressWarnings("UnusedVariable") // picocli reads the options for help and version
final class RegistryAdmin implements Runnable {
    @Mixin
    private final GlobalOptions options;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "show help")
    private boolean help;

    @Option(names = "--version", versionHelp = true, description = "show the release")
    private boolean version;

    @Spec
    private @Nullable CommandSpec spec;

    RegistryAdmin(GlobalOptions options) {
        this.options = options;
    }

    GlobalOptions options() {
        return options;
    }

    @Override
    public void run() {
        throw new ParameterException(Objects.requireNonNull(spec).commandLine(), "name a command");
    }

    /** The release, from the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = RegistryAdmin.class.getPackage().getImplementationVersion();
            return new String[] {"registry-admin " + (version == null ? "(not from a jar)" : version)};
        }
    }
}
