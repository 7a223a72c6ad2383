package dev.connectionregistry.local;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts processes in their own sessions and sends them signals. Thread-safe. */
final class ChildProcess {

    private static final Duration COMMAND_TIMEOUT = Duration.ofSeconds(10);

    private final Process process;

    private ChildProcess(Process process) {
        this.process = process;
    }

    /** Starts the command and appends its output to the log; its standard input is a pipe that this JVM holds. */
    static ChildProcess start(List<String> command, Path log) {
        List<String> whole = new ArrayList<>(ownSession());
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().put("LC_ALL", "C");
        try {
            return new ChildProcess(builder.start());
        } catch (IOException e) {
            throw new LocalServerException("Cannot run " + command.get(0), e);
        }
    }

    /** Runs a command and waits until it ends. */
    static void run(List<String> command, Path log, Duration timeout) {
        ChildProcess child = start(command, log);
        child.closeInput();
        if (!child.awaitExit(timeout)) {
            child.killTree();
            throw new LocalServerException(command + " had not ended after " + timeout + "\n" + tail(log, 20));
        }
        if (child.process.exitValue() != 0) {
            throw new LocalServerException(
                    command + " failed with " + child.process.exitValue() + "\n" + tail(log, 20));
        }
    }

    /** In its own session a server doesn't get a terminal's Ctrl-C, which is meant for the JVM. */
    private static List<String> ownSession() {
        return onPath("setsid") ? List.of("setsid") : List.of();
    }

    static boolean onPath(String program) {
        return Stream.of(System.getenv().getOrDefault("PATH", "/usr/bin:/bin").split(File.pathSeparator, -1))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    boolean awaitExit(Duration timeout) {
        try {
            return process.waitFor(timeout.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            throw LocalServerException.interrupted("the end of process " + process.pid(), e);
        }
    }

    long pid() {
        return process.pid();
    }

    void closeInput() {
        try {
            process.getOutputStream().close();
        } catch (IOException alreadyGone) {
            // the process has ended: there is nobody to write to
        }
    }

    void writeLine(String line) {
        try {
            process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
            process.getOutputStream().flush();
        } catch (IOException alreadyGone) {
            // the process has ended: there is nobody to write to
        }
    }

    /** Sends the signal to the process only. */
    void signal(String name) {
        if (isAlive()) {
            send(name, List.of(Long.toString(pid())));
        }
    }

    /** Sends the signal to the process, which must not start others meanwhile, and to all its descendants. */
    private void signalTree(String name) {
        List<String> pids = new ArrayList<>(List.of(Long.toString(pid())));
        process.descendants().forEach(handle -> pids.add(Long.toString(handle.pid())));
        send(name, pids);
    }

    void pauseTree() {
        signal("STOP"); // the parent first: it then starts no more children
        signalTree("STOP");
    }

    void resumeTree() {
        if (isAlive()) {
            signalTree("CONT");
        }
    }

    /** Sends SIGKILL to the process and all its descendants; returns when all are gone. */
    void killTree() {
        signal("STOP");
        List<ProcessHandle> children = process.descendants().toList();
        process.destroyForcibly();
        children.forEach(ProcessHandle::destroyForcibly);
        Deadline deadline = Deadline.in(COMMAND_TIMEOUT);
        boolean gone = awaitExit(COMMAND_TIMEOUT)
                && deadline.await("killed processes", () -> children.stream().noneMatch(ChildProcess::runs));
        if (!gone) {
            throw new LocalServerException("Process " + pid() + " or one of its children survived SIGKILL");
        }
    }

    /** SIGKILL without waiting. */
    void destroy() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** False for a process that has ended, even if its parent has not collected its exit status. */
    private static boolean runs(ProcessHandle handle) {
        return handle.isAlive() && !isZombie(handle.pid());
    }

    static boolean isZombie(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException notThere) {
            return false;
        }
    }

    /**
     * On a busy system, the threads of a process stop some time after the signal was sent; until then they may still
     * answer.
     */
    private static void awaitStopped(List<String> pids) {
        if (!Deadline.in(COMMAND_TIMEOUT)
                .await("stopped processes", () -> pids.stream().allMatch(ChildProcess::isStopped))) {
            throw new LocalServerException("Processes " + pids + " had not stopped after " + COMMAND_TIMEOUT);
        }
    }

    /** Whether every thread of a process is stopped or gone; true if the system has no /proc. */
    private static boolean isStopped(String pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", pid, "task"))) {
            return threads.allMatch(ChildProcess::isStoppedThread);
        } catch (IOException | UncheckedIOException gone) {
            return true;
        }
    }

    private static boolean isStoppedThread(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("stat"), StandardCharsets.ISO_8859_1);
            return "TtZX".indexOf(stat.charAt(stat.lastIndexOf(')') + 2)) >= 0;
        } catch (IOException gone) {
            return true;
        }
    }

    /** Errors of kill itself don't matter: a process may be gone before the signal arrives. */
    private static void send(String signal, List<String> pids) {
        List<String> command = new ArrayList<>(List.of("kill", "-" + signal));
        command.addAll(pids);
        try {
            Process kill = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!kill.waitFor(COMMAND_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new LocalServerException(command + " had not ended after " + COMMAND_TIMEOUT);
            }
            if (signal.equals("STOP")) {
                awaitStopped(pids);
            }
        } catch (IOException e) {
            throw new LocalServerException("Cannot run " + command, e);
        } catch (InterruptedException e) {
            throw LocalServerException.interrupted(String.join(" ", command), e);
        }
    }

    /** The last lines of a log, or an explanation if it cannot be read. */
    static String tail(Path log, int lines) {
        try {
            List<String> all = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join("\n", all.subList(Math.max(0, all.size() - lines), all.size()));
        } catch (IOException | UncheckedIOException e) {
            return "(no log: " + e + ")";
        }
    }

    static void deleteTree(Path folder) {
        if (!Files.exists(folder)) {
            return;
        }
        try (Stream<Path> paths = Files.walk(folder)) {
            for (Path path : paths.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new LocalServerException("Cannot delete " + folder, e);
        }
    }
}
