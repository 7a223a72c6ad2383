package dev.connectionregistry.admin.cli.options;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.common.Json;
import dev.connectionregistry.admin.cutover.FakeServers;
import dev.connectionregistry.admin.cutover.Script;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.ScriptedChecks;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What operators set for all commands, as the commands use it. */
class OperatorDefaultsTest {
    private static final String PREFLIGHT = "preflight orders --target db2:5432";
    private static final String FILE = """
            # who works where
            admin-username = ops
            admin-password-ref=env:OPS
            admin-username@DB2:5432 = root
            admin-password-ref@db2:5432 = file:/home/ops/a password = or two
            table = production
            """;

    private final Path home;
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final FakeServers servers = new FakeServers(new Script());
    private final ScriptedChecks checks = new ScriptedChecks();
    private final Terminalless program = new Terminalless(registry, servers, checks);

    OperatorDefaultsTest(@TempDir Path home) {
        this.home = home;
    }

    @BeforeEach
    void oneDatabase() {
        program.variable("HOME", home.toString());
        orders("db1:5432/orders");
        checks.with("bad", Group.DATA, () -> Finding.fail("no", Remedy.command("status orders")));
    }

    private void orders(String endpoint) {
        registry.put("orders", ConnectionSettings.of(Endpoint.parse(endpoint), "app", SecretRef.parse("env:PW")));
    }

    private Path write(String text, String rights) throws IOException {
        Path file = home.resolve(".registry-admin.properties");
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(rights));
    }

    private Run run(String line) {
        return program.run(line.split(" ", -1));
    }

    /** {@code source, target} of the last preflight, each as its role and where its password is. */
    private String preflight(String options) {
        assertThat(run(PREFLIGHT + options).err()).doesNotContain("usage");
        ServerPair pair = checks.subjects.get(checks.subjects.size() - 1).pair();
        return text(pair.source()) + ", " + text(pair.target());
    }

    private static String text(ServerLogin login) {
        return login.username() + " " + login.password();
    }

    @Test
    void eachServerHasItsOwnLoginOnWhicheverSideItIs() throws IOException {
        write(FILE, "rw-------");
        assertThat(preflight("")).isEqualTo("ops env:OPS, root file:/home/ops/a password = or two");
        registry.put(
                "orders", ConnectionSettings.of(Endpoint.parse("db2:5432/orders"), "app", SecretRef.parse("env:PW")));
        run("preflight orders --target db1:5432");
        ServerPair back = checks.subjects.get(1).pair();
        assertThat(text(back.source()) + ", " + text(back.target()))
                .isEqualTo("root file:/home/ops/a password = or two, ops env:OPS");
    }

    @Test
    void anOptionWinsOverEveryDefault() throws IOException {
        write(FILE, "rw-------");
        assertThat(preflight(" --admin-username boss --admin-password-ref env:BOSS"))
                .isEqualTo("boss env:BOSS, boss env:BOSS");
        assertThat(preflight(" --target-admin-username boss --target-admin-password-ref env:BOSS"))
                .isEqualTo("ops env:OPS, boss env:BOSS");
    }

    @Test
    void aVariableWinsOverTheLinesForEveryServerOnly() throws IOException {
        write(FILE, "rw-------");
        program.variable("REGISTRY_ADMIN_USERNAME", "me").variable("REGISTRY_ADMIN_PASSWORD_REF", "env:MINE");
        assertThat(preflight("")).isEqualTo("me env:MINE, root file:/home/ops/a password = or two");
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin-usrname = x", "nonsense", "admin-username@127.0.0.1 = x"})
    void aLineThatCannotBeUsedIsAnErrorLikeAnyOther(String line) throws IOException {
        write(line + "\n", "rw-------");
        Run run = program.run("list");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).startsWith("error: ").contains(", line 1: ").doesNotContain("\tat ", "Exception");
        assertThat(Json.read(program.run("list", "--output", "json").err()).toString())
                .contains("error=", ", line 1: ");
    }

    @Test
    void aLineMayNameEachHostOfACluster() throws IOException {
        write(
                "admin-username@db1:5432,DB2:5432 = root\nadmin-password-ref@db2:5432,db1:5432 = env:ROOT\n",
                "rw-------");
        assertThat(preflight("")).isEqualTo("root env:ROOT, root env:ROOT");
        write("admin-username@db1:5432,db2:5432 = root\nadmin-username@db2:5432 = ops\n", "rw-------");
        assertThat(program.run("list").err()).contains("line 2: 'admin-username@db2:5432' is given twice");
    }

    @Test
    void withoutFileAndVariablesTheServicesOwnRoleLooks() {
        assertThat(preflight("")).isEqualTo("app env:PW, app env:PW");
    }

    @Test
    void nextStepsLeaveOutWhatTheDefaultsSay() throws IOException {
        write(FILE, "rw-------");
        assertThat(run(PREFLIGHT).out().lines().map(String::strip))
                .contains(
                        "registry-admin status orders",
                        "registry-admin cutover orders --to db2:5432/orders --rehearse");
        assertThat(run(PREFLIGHT + " --table other --admin-username boss --admin-password-ref env:B")
                        .out())
                .contains("registry-admin --table other status orders")
                .contains(" --rehearse --admin-username boss --admin-password-ref env:B");
        assertThat(run("--table other " + PREFLIGHT).out()).contains("registry-admin --table other status orders");
    }

    @Test
    void cutoversUseThemAndNobodyIsAskedForThemAgain() throws IOException {
        write(FILE, "rw-------");
        run("cutover orders --to db2:5432 --dry-run --skip-check bad");
        assertThat(servers.logins)
                .extracting(OperatorDefaultsTest::text)
                .contains("ops env:OPS", "root file:/home/ops/a password = or two");
    }

    @Test
    void doctorShowsWhichAreInForceAndWhereTheyComeFrom() throws IOException {
        Path file = write(FILE, "rw-------");
        program.variable("REGISTRY_ADMIN_USERNAME", "me").variable("AWS_REGION", "eu-west-1");
        assertThat(run("doctor").out())
                .contains("  table = production  (" + file + ", line 6)")
                .contains("  region = eu-west-1  (AWS_REGION)")
                .contains("  admin-username = me  (REGISTRY_ADMIN_USERNAME)")
                .contains("  admin-username@db2:5432 = root  (" + file + ", line 4)");
        assertThat(Json.read(run("doctor --output json").out())).asString().containsPattern("name=admin-username[,}]");
    }

    @Test
    void doctorSaysWhereNoneWereFound() {
        assertThat(run("doctor").out())
                .contains("Defaults of options: none, neither in variables nor in "
                        + home.resolve(".registry-admin.properties"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "admin-user = ops | line 1: there is no 'admin-user'; did you mean 'admin-username'?",
                "colour = red | line 1: there is no 'colour'; the names are table, region,",
                "table production | line 1: there is no '='; write NAME = VALUE",
                "table = | line 1: 'table' has no value",
                "table@db1:5432 = t | line 1: 'table' is the same for all servers; leave out '@db1:5432'",
                "admin-username@db1 = ops | line 1: endpoint 'db1' has no port",
                "admin-username@db1:5432/orders = ops | line 1: 'db1:5432/orders' is not a server; write HOST:PORT",
                "admin-password-ref = hunter2 | line 1: the password reference",
                "admin-password: hunter2= | line 1: the text before the '=' (not repeated here, it may be a password)",
                "admin-password hunter2= | line 1: the text before the '=' (not repeated here, it may be a password)",
                "admin-password:hunter2@x= | line 1: the text before the '=' (not repeated here, it may be a password)",
            })
    void aLineThatCantBeUsedIsNamedAndNothingIsDone(String line, String problem) throws IOException {
        Path file = write(line + "\n", "rw-------");
        Run run = run("list");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(file + ", " + problem).doesNotContain("hunter2");
        assertThat(run("list --help").code()).isZero();
    }

    @Test
    void allProblemsAreToldAtOnce() throws IOException {
        write("tabel = t\ntable = one\ntable = two\n", "rw-------");
        program.variable("REGISTRY_ADMIN_PASSWORD_REF", "hunter2");
        assertThat(run("list").err())
                .contains("line 1: there is no 'tabel'; did you mean 'table'?", "line 3: 'table' is given twice")
                .contains("REGISTRY_ADMIN_PASSWORD_REF: ")
                .doesNotContain("hunter2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rw--w----", "rw-----w-"})
    void aFileThatOthersCanWriteIsRefused(String rights) throws IOException {
        Path file = write(FILE, rights);
        Run run = run("list");
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.err()).contains(file + " is writable by others", "chmod 600 " + file);
    }

    @Test
    void aFileThatOthersCanReadIsUsedWithAWarning() throws IOException {
        Path file = write(FILE, "rw-r--r--");
        Run run = run("list");
        assertThat(run.code()).isZero();
        assertThat(run.err()).contains("warning: " + file + " is readable by others", "chmod 600 " + file);
    }

    @Test
    void anotherFileCanBeNamedAndMustThenBeThere() throws IOException {
        Path other = Files.writeString(home.resolve("staging"), "admin-username = stager\n");
        program.variable("REGISTRY_ADMIN_DEFAULTS", other.toString());
        assertThat(preflight("")).isEqualTo("stager env:PW, stager env:PW");
        Files.delete(other);
        assertThat(run("list").err()).contains("can't read " + other + ": there is no such file");
    }
}
