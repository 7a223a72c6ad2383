package dev.connectionregistry.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TcpGateTest {

    private ServerSocket echo;
    private TcpGate gate;

    @BeforeEach
    void open() throws IOException {
        echo = echo(0);
        gate = TcpGate.to("127.0.0.1", echo.getLocalPort());
    }

    @AfterEach
    void close() throws IOException {
        gate.close();
        echo.close();
    }

    @Test
    void passesDataBothWaysAndTheEndOfIt() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 7)).isEqualTo(7);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void cutResetsOldAndNewConnectionsUntilHealed() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 1)).isEqualTo(1);
            gate.cut();
            assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
        }
        try (Socket client = client()) {
            assertThat(brokenOrEnded(client)).isTrue();
        }
        gate.heal();
        try (Socket client = client()) {
            assertThat(ask(client, 2)).isEqualTo(2);
        }
    }

    @Test
    void hangHoldsOldAndNewConnectionsAndHealPassesWhatWasHeld() throws IOException {
        try (Socket before = client();
                Socket during = hangAndConnect(before)) {
            before.getOutputStream().write(3);
            during.getOutputStream().write(4);
            assertThat(silent(before)).isTrue();
            assertThat(silent(during)).isTrue();
            gate.heal();
            assertThat(before.getInputStream().read()).isEqualTo(3);
            assertThat(during.getInputStream().read()).isEqualTo(4);
        }
    }

    @Test
    void delayHoldsEachDirection() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 1)).isEqualTo(1);
            gate.delay(Duration.ofMillis(150));
            long start = System.nanoTime();
            assertThat(ask(client, 2)).isEqualTo(2);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        }
    }

    @Test
    void redirectSendsNewConnectionsElsewhereAndLeavesOldOnes() throws IOException {
        try (ServerSocket other = echo(100);
                Socket before = client()) {
            assertThat(ask(before, 1)).isEqualTo(1);
            gate.redirect("127.0.0.1", other.getLocalPort());
            try (Socket after = client()) {
                assertThat(ask(after, 1)).isEqualTo(101);
            }
            assertThat(ask(before, 2)).isEqualTo(2);
        }
    }

    @Test
    void closeLeavesNoThreadAndNoPort() throws IOException {
        try (Socket client = client()) {
            assertThat(ask(client, 1)).isEqualTo(1);
            gate.hang();
            client.getOutputStream().write(2);
            gate.close();
            gate.close();
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.getName().startsWith("tcp-gate-" + gate.port() + "-"));
        assertThatThrownBy(this::client).isInstanceOf(ConnectException.class);
    }

    private Socket hangAndConnect(Socket before) throws IOException {
        assertThat(ask(before, 1)).isEqualTo(1);
        gate.hang();
        return client();
    }

    private Socket client() throws IOException {
        Socket socket = new Socket(gate.host(), gate.port());
        socket.setSoTimeout(20_000);
        return socket;
    }

    private static int ask(Socket client, int value) throws IOException {
        client.getOutputStream().write(value);
        return client.getInputStream().read();
    }

    private static boolean silent(Socket client) throws IOException {
        client.setSoTimeout(100);
        try {
            client.getInputStream().read();
            return false;
        } catch (SocketTimeoutException nothingCame) {
            return true;
        } finally {
            client.setSoTimeout(20_000);
        }
    }

    private static boolean brokenOrEnded(Socket client) throws IOException {
        try {
            return client.getInputStream().read() < 0;
        } catch (SocketTimeoutException hung) {
            return false;
        } catch (SocketException reset) {
            return true;
        }
    }

    /** Answers every byte with that byte plus the number given. */
    private static ServerSocket echo(int plus) throws IOException {
        ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        daemon(() -> {
            while (!listener.isClosed()) {
                Socket socket = listener.accept();
                daemon(() -> {
                    try (socket) {
                        InputStream in = socket.getInputStream();
                        for (int value = in.read(); value >= 0; value = in.read()) {
                            socket.getOutputStream().write(value + plus);
                        }
                    }
                });
            }
        });
        return listener;
    }

    private static void daemon(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        // the test is over
                    }
                },
                "echo");
        thread.setDaemon(true);
        thread.start();
    }

    private interface Task {
        void run() throws IOException;
    }
}
