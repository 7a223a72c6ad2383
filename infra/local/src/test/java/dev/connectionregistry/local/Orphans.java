package dev.connectionregistry.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A JVM between the test and a server, to be killed: prints the server's process id and folder, then waits. */
final class Orphans {

    private Orphans() {}

    /** Main of the JVM in between. */
    public static void main(String[] args) throws IOException {
        if (args[0].equals("dynamodb")) {
            LocalDynamoDb server = LocalDynamoDb.start();
            if (args[1].equals("paused")) {
                server.pause();
            }
            System.out.println(server.pid() + " " + server.log().getParent());
        } else {
            LocalPostgres server = LocalPostgres.start(Integer.parseInt(args[0]));
            if (args[1].equals("paused")) {
                server.pause();
            }
            System.out.println(server.pid() + " " + server.log().getParent());
        }
        System.out.flush();
        System.in.read();
    }

    /** Starts the JVM in between, kills it with SIGKILL and returns the server it leaves behind. */
    static Orphan leaveBehind(String what, String state)
            throws IOException, InterruptedException, ExecutionException, TimeoutException {
        Process between = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Orphans.class.getName(),
                        what,
                        state)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            String[] line = CompletableFuture.supplyAsync(() -> firstLine(between), Orphans::onOwnThread)
                    .get(60, TimeUnit.SECONDS)
                    .split(" ", 2);
            ProcessHandle server = ProcessHandle.of(Long.parseLong(line[0])).orElseThrow();
            return new Orphan(server, Path.of(line[1]));
        } finally {
            between.destroyForcibly(); // SIGKILL
            between.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private static void onOwnThread(Runnable reading) {
        Thread thread = new Thread(reading, "orphan-reader");
        thread.setDaemon(true);
        thread.start();
    }

    private static String firstLine(Process process) {
        try {
            return String.valueOf(
                    new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
                            .readLine());
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    record Orphan(ProcessHandle server, Path folder) {
        boolean isGoneWithin(Duration timeout) {
            return Deadline.in(timeout)
                    .await(
                            "the end of the server",
                            () -> !runs() && !folder.toFile().exists());
        }

        private boolean runs() {
            return server.isAlive() && !ChildProcess.isZombie(server.pid());
        }
    }
}
