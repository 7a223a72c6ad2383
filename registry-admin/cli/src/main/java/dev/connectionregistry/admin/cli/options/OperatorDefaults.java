package dev.connectionregistry.admin.cli.options;

import dev.connectionregistry.admin.cli.options.DefaultsFile.Entry;
import dev.connectionregistry.admin.server.AdminDefaults;
import dev.connectionregistry.admin.server.AdminDefaults.Role;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.SecretRef;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The operator's defaults for all commands, from variables and a file. Picocli asks this class for options of the whole
 * program. The login for a server depends on the server, so it is found when the server is known ({@link #logins}). An
 * option takes precedence over a variable, and a variable over the file. Read once, when first needed. Thread-safe.
 */
public final class OperatorDefaults implements IDefaultValueProvider {
    private static final String FILE = ".registry-admin.properties";

    /** The variable that names another file. */
    private static final String FILE_VARIABLE = "REGISTRY_ADMIN_DEFAULTS";

    private final Map<String, String> environment;
    /** Guarded by "this". */
    private @Nullable DefaultsFile file;

    /** The options that may have a default. */
    enum Name {
        TABLE("table", "REGISTRY_ADMIN_TABLE"),
        REGION("region", "REGISTRY_ADMIN_REGION"),
        PROFILE("profile", "REGISTRY_ADMIN_PROFILE"),
        ENDPOINT_URL("endpoint-url", "REGISTRY_ADMIN_ENDPOINT_URL"),
        ADMIN_USERNAME("admin-username", "REGISTRY_ADMIN_USERNAME"),
        ADMIN_PASSWORD_REF("admin-password-ref", "REGISTRY_ADMIN_PASSWORD_REF");

        private final String text;
        private final String variable;

        Name(String text, String variable) {
            this.text = text;
            this.variable = variable;
        }

        /** Variables of AWS and of services, which other code reads; they also take precedence over the file. */
        private List<String> others() {
            return switch (this) {
                case TABLE -> List.of("REGISTRY_TABLE");
                case REGION -> List.of("AWS_REGION");
                case PROFILE -> List.of("AWS_PROFILE");
                case ENDPOINT_URL -> List.of("AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL");
                case ADMIN_USERNAME, ADMIN_PASSWORD_REF -> List.of();
            };
        }

        boolean isLogin() {
            return this == ADMIN_USERNAME || this == ADMIN_PASSWORD_REF;
        }

        /**
         * Checks the login options without repeating a possible password. The options for the table are checked when it
         * is opened.
         *
         * @throws InvalidSettingsException if the option can't have the value
         */
        void check(String value) {
            switch (this) {
                case ADMIN_USERNAME -> Credentials.check(Optional.of(value), Optional.empty());
                case ADMIN_PASSWORD_REF -> Credentials.check(Optional.empty(), Optional.of(SecretRef.parse(value)));
                case TABLE, REGION, PROFILE, ENDPOINT_URL -> {}
            }
        }

        /** The name without the dashes of the option. */
        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A default that applies.
     *
     * @param name the option, without its dashes; with {@code @HOST:PORT} if it is for one server
     * @param value its value; never a secret
     * @param origin the variable, or the file and the line
     */
    public record Default(String name, String value, String origin) {}

    /** Reads the defaults from {@code environment}, and from the file in the home folder that it names. */
    public OperatorDefaults(Map<String, String> environment) {
        this.environment = Map.copyOf(environment);
    }

    /**
     * Checks that all defaults can be used.
     *
     * @throws InvalidSettingsException naming each line and each variable that can't
     */
    public void requireUsable() {
        List<String> problems = problems();
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    private List<String> problems() {
        List<String> problems = new ArrayList<>(file().problems());
        for (Name name : Name.values()) {
            variable(name.variable).ifPresent(value -> {
                try {
                    name.check(value);
                } catch (InvalidSettingsException e) {
                    e.problems().forEach(problem -> problems.add(name.variable + ": " + problem));
                }
            });
        }
        return problems;
    }

    /** What is wrong with the file although it can be used; empty if nothing is. */
    public Optional<String> warning() {
        return file().warning();
    }

    /** The path of the file, whether it exists or not; empty if there is no home folder. */
    public Optional<Path> place() {
        return variable(FILE_VARIABLE)
                .map(Path::of)
                .or(() -> variable("HOME").or(() -> variable("USERPROFILE")).map(home -> Path.of(home, FILE)));
    }

    /** The default of an option of the whole program, such as {@code --table}; empty if there is none. */
    public Optional<String> value(String option) {
        return Stream.of(Name.values())
                .filter(name -> !name.isLogin() && option.equals("--" + name))
                .findFirst()
                .flatMap(this::inForce)
                .map(Default::value);
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        boolean asked = argument instanceof OptionSpec option && !option.inherited();
        return asked ? value(((OptionSpec) argument).longestName()).orElse(null) : null;
    }

    /** The logins for servers; none if {@link #requireUsable} fails. */
    public AdminDefaults logins() {
        if (!problems().isEmpty()) {
            return AdminDefaults.NONE;
        }
        DefaultsFile read = file();
        Map<String, List<Entry>> servers = read.entries().stream()
                .filter(entry -> entry.server().isPresent())
                .collect(Collectors.groupingBy(entry -> entry.server().get()));
        return new AdminDefaults(
                servers.entrySet().stream()
                        .collect(
                                Collectors.toMap(Map.Entry::getKey, each -> role(name -> find(each.getValue(), name)))),
                List.of(role(name -> variable(name.variable)), role(name -> find(everywhere(read), name))));
    }

    private static Role role(Function<Name, Optional<String>> values) {
        return new Role(
                values.apply(Name.ADMIN_USERNAME),
                values.apply(Name.ADMIN_PASSWORD_REF).map(SecretRef::parse));
    }

    private static Optional<String> find(List<Entry> entries, Name name) {
        return entries.stream()
                .filter(entry -> entry.name() == name)
                .map(Entry::value)
                .findFirst();
    }

    private static List<Entry> everywhere(DefaultsFile read) {
        return read.entries().stream().filter(entry -> entry.server().isEmpty()).toList();
    }

    /** All defaults that apply: variables, then the file's lines that no variable overrides. */
    public List<Default> inForce() {
        Stream<Default> general = Stream.of(Name.values()).flatMap(name -> seen(name).stream());
        Stream<Default> servers = file().entries().stream()
                .filter(entry -> entry.server().isPresent())
                .map(this::fromFile);
        return Stream.concat(general, servers).toList();
    }

    /** The variable's default, even if other code reads the variable. */
    private Optional<Default> seen(Name name) {
        return inForce(name).or(() -> name.others().stream()
                .flatMap(other -> variable(other).map(value -> new Default(name.toString(), value, other)).stream())
                .findFirst());
    }

    private Optional<Default> inForce(Name name) {
        Optional<Default> byVariable =
                variable(name.variable).map(value -> new Default(name.toString(), value, name.variable));
        boolean left = name.others().stream().anyMatch(other -> variable(other).isPresent());
        return byVariable.or(() -> left
                ? Optional.empty()
                : everywhere(file()).stream()
                        .filter(entry -> entry.name() == name)
                        .map(this::fromFile)
                        .findFirst());
    }

    private Default fromFile(Entry entry) {
        return new Default(
                entry.name() + entry.server().map(server -> "@" + server).orElse(""),
                entry.value(),
                place().map(Path::toString).orElse("") + ", line " + entry.line());
    }

    private Optional<String> variable(String name) {
        return Optional.ofNullable(environment.get(name)).map(String::strip).filter(value -> !value.isEmpty());
    }

    private synchronized DefaultsFile file() {
        DefaultsFile present = file;
        if (present == null) {
            boolean named = variable(FILE_VARIABLE).isPresent();
            present = place().map(place -> DefaultsFile.read(place, named)).orElse(DefaultsFile.NONE);
            file = present;
        }
        return present;
    }
}
