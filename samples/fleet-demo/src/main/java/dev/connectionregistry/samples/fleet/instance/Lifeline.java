package dev.connectionregistry.samples.fleet.instance;

import java.util.ArrayList;
import java.util.List;

/** Keeps a program that knows nothing of the demo from outliving it, also when the demo is killed. */
public final class Lifeline {
    /** Runs a program, and ends it if standard input ends first: that pipe breaks when its other end is killed. */
    private static final String SCRIPT = "exec 3<&0; \"$0\" \"$@\" </dev/null 3<&- & program=$!;"
            + " (read -r line <&3; kill -KILL $program) >/dev/null 2>&1 & watcher=$!;"
            + " wait $program; result=$?; kill $watcher 2>/dev/null; exit $result";

    private Lifeline() {}

    /**
     * The command that runs a program; it ends with the program's exit code.
     *
     * @param program with its arguments; its standard input is empty
     */
    public static List<String> command(List<String> program) {
        List<String> command = new ArrayList<>(List.of("sh", "-c", SCRIPT));
        command.addAll(program);
        return command;
    }
}
