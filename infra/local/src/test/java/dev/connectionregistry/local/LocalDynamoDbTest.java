package dev.connectionregistry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.ConnectException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class LocalDynamoDbTest {

    private static LocalDynamoDb server;
    private static final HttpClient CLIENT = HttpClient.newHttpClient();

    @BeforeAll
    static void start() {
        server = LocalDynamoDb.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersListTables() throws Exception {
        assertThat(listTables(Duration.ofSeconds(20)).body()).isEqualTo("{\"TableNames\":[]}");
    }

    @Test
    void refusesConnectionsFromOutsideOfLoopback() throws IOException {
        List<InetAddress> others = NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> address instanceof Inet4Address && !address.isLoopbackAddress())
                .toList();
        for (InetAddress other : others) {
            try (Socket socket = new Socket()) {
                assertThatThrownBy(() -> socket.connect(new InetSocketAddress(other, server.port()), 5_000))
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void listensOnTheLoopbackAddressOnly() throws IOException {
        String port = String.format(Locale.ROOT, ":%04X", server.port());
        try (Stream<String> four = Files.lines(Path.of("/proc/net/tcp"));
                Stream<String> six = Files.lines(Path.of("/proc/net/tcp6"))) {
            assertThat(Stream.concat(four, six)
                            .map(line -> line.strip().split("\\s+", -1))
                            .filter(fields -> fields[1].endsWith(port) && fields[3].equals("0A"))
                            .map(fields -> fields[1]))
                    .isNotEmpty()
                    .allMatch(address -> address.equals("0100007F" + port)
                            || address.equals("0000000000000000FFFF00000100007F" + port));
        }
    }

    @Test
    void doesNotAnswerWhilePaused() throws Exception {
        server.pause();
        try {
            assertThatThrownBy(() -> listTables(Duration.ofMillis(200))).isInstanceOf(HttpTimeoutException.class);
        } finally {
            server.resume();
        }
        assertThat(listTables(Duration.ofSeconds(20)).statusCode()).isEqualTo(200);
    }

    @Test
    void refusesConnectionsWhileStoppedAndComesBackOnTheSamePort() throws Exception {
        int port = server.port();
        server.stop();
        assertThatThrownBy(() -> listTables(Duration.ofSeconds(5))).isInstanceOf(ConnectException.class);
        server.startAgain();
        assertThat(server.port()).isEqualTo(port);
        assertThat(listTables(Duration.ofSeconds(20)).statusCode()).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"running", "paused"})
    void endsWhenTheProcessThatStartedItIsKilled(String state) throws Exception {
        assertThat(Orphans.leaveBehind("dynamodb", state).isGoneWithin(Duration.ofSeconds(15)))
                .isTrue();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whatItUnpacksIsInItsOwnFolderAndGoesWithIt() throws IOException {
        Path folder;
        try (LocalDynamoDb own = LocalDynamoDb.start()) {
            folder = own.log().getParent();
            List<Path> libraries = mappedBy(own.pid(), "sqlite");
            assertThat(libraries).isNotEmpty().allMatch(library -> library.startsWith(folder));
            own.stop();
            own.startAgain();
            assertThat(mappedBy(own.pid(), "sqlite")).isNotEmpty().allMatch(library -> library.startsWith(folder));
        }
        assertThat(folder).doesNotExist();
    }

    /** The files that a process has in its memory, by a part of their names. */
    private static List<Path> mappedBy(long pid, String name) throws IOException {
        try (Stream<String> maps = Files.lines(Path.of("/proc", Long.toString(pid), "maps"))) {
            return maps.filter(line -> line.contains(name) && line.contains(" /"))
                    .map(line -> Path.of(line.substring(line.indexOf('/'))))
                    .distinct()
                    .toList();
        }
    }

    @Test
    void saysWhyItCannotStartAndKeepsTheLogWhereAsked(@TempDir Path logs) {
        LocalDynamoDb.Builder second =
                LocalDynamoDb.builder().port(server.port()).logDirectory(logs);
        assertThatThrownBy(second::start)
                .isInstanceOf(LocalServerException.class)
                .hasMessageContaining("Address already in use");
        assertThat(logs.resolve("dynamodb-" + server.port() + ".log")).content().contains("Address already in use");
    }

    private static HttpResponse<String> listTables(Duration timeout) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(server.endpoint())
                .timeout(timeout)
                .header("Content-Type", "application/x-amz-json-1.0")
                .header("X-Amz-Target", "DynamoDB_20120810.ListTables")
                .header(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=" + server.accessKeyId() + "/20260101/" + server.region()
                                + "/dynamodb/aws4_request, SignedHeaders=host, Signature=0")
                .POST(HttpRequest.BodyPublishers.ofString("{}"))
                .build();
        return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
