package dev.connectionregistry.admin.cutover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.inject.Guice;
import com.google.inject.Injector;
import dev.connectionregistry.admin.Terminalless;
import dev.connectionregistry.admin.Terminalless.Run;
import dev.connectionregistry.admin.cli.wiring.ServersModule;
import dev.connectionregistry.admin.preflight.ServerChecks;
import dev.connectionregistry.local.DrippingServer;
import dev.connectionregistry.local.LocalPostgres;
import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A target that accepts connections and never answers, such as a port behind a broken proxy. */
@Timeout(120)
class MuteTargetTest {
    private static final Injector SERVERS = Guice.createInjector(new ServersModule());
    /** One login that times out, with all that needs no target. */
    private static final Duration LONGEST = Duration.ofSeconds(20);

    @TempDir
    private Path directory = Path.of("");

    @Test
    void endsTheChecksAfterTheFirstLoginsThatAreNotAnswered() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            checkAgainst("127.0.0.1:" + mute.getLocalPort());
        }
    }

    @Test
    void endsLoginsInWhichTheServerKeepsSendingNoticesAndLeavesNoneBehind() throws Exception {
        try (DrippingServer dripping = DrippingServer.start(DrippingServer.From.LOGIN, 10)) {
            checkAgainst("127.0.0.1:" + dripping.port());
            await().atMost(Duration.ofSeconds(15)).until(() -> dripping.waiting() == 0);
        }
    }

    private void checkAgainst(String target) throws Exception {
        InMemoryRegistry registry = new InMemoryRegistry();
        Terminalless program = new Terminalless(
                registry, SERVERS.getInstance(CutoverServers.class), SERVERS.getInstance(ServerChecks.class));
        try (LocalPostgres source = LocalPostgres.start(17)) {
            source.createDatabase("orders");
            Path password = Files.writeString(directory.resolve("password"), source.password());
            registry.put(
                    "orders",
                    ConnectionSettings.of(
                            new Endpoint(source.host(), source.port(), "orders"),
                            source.superuser(),
                            SecretRef.parse("file:" + password)));
            long start = System.nanoTime();

            Run run = program.run("cutover", "orders", "--to", target, "--dry-run");

            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(LONGEST);
            assertThat(run.code()).as(run.out() + run.err()).isEqualTo(1);
            assertThat(run.err()).contains("target-login", target);
        }
    }
}
