package dev.connectionregistry.cloudformation;

import dev.connectionregistry.admin.Commands;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import picocli.CommandLine.Command;

/** All commands of registry-admin, by their words: {@code cutover}, {@code cutover status}. */
final class CommandTree {
    private final Set<String> paths = new TreeSet<>();

    CommandTree() {
        Commands.meantBy(List.of()).forEach((name, type) -> add(name, type));
    }

    private void add(String path, Class<?> type) {
        paths.add(path);
        for (Class<?> each : type.getAnnotation(Command.class).subcommands()) {
            add(path + " " + each.getAnnotation(Command.class).name(), each);
        }
    }

    Set<String> paths() {
        return Set.copyOf(paths);
    }

    /** Which command a line begins with. */
    String named(List<String> words) {
        List<String> found = new ArrayList<>();
        for (int count = 1; count <= words.size(); count++) {
            String path = String.join(" ", words.subList(0, count));
            if (paths.contains(path)) {
                found.add(path);
            }
        }
        if (found.isEmpty()) {
            throw new IllegalArgumentException("no command in " + words);
        }
        return found.get(found.size() - 1);
    }
}
