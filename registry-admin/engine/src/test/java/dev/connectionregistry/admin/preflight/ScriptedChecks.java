package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks of servers that find what the test says; none to begin with. For one thread. */
public final class ScriptedChecks implements ServerChecks {
    /** The checks that were made, by name. */
    public final List<String> made = new ArrayList<>();
    /** Whom the last looks were about. */
    public final List<Subject> subjects = new ArrayList<>();
    /** How many looks are open. */
    public int open;

    private final Map<About, Answer> checks = new LinkedHashMap<>();

    /** What a check comes to. */
    public interface Answer {
        /** Says it. */
        Finding find() throws ServerException;
    }

    /** One more check. */
    public ScriptedChecks with(String name, Group group, Answer answer) {
        checks.put(new About(name, group, "Since " + name + " matters."), answer);
        return this;
    }

    /** One more check, of something that a cutover looks at itself. */
    public ScriptedChecks withLeftToCutover(String name, Group group, Answer answer) {
        checks.put(new About(name, group, "Since " + name + " matters.", true), answer);
        return this;
    }

    @Override
    public List<About> all() {
        return List.copyOf(checks.keySet());
    }

    @Override
    public Looking begin(Subject subject) {
        subjects.add(subject);
        open++;
        return new Looking() {
            @Override
            public Finding look(About about, Duration bound) throws ServerException {
                made.add(about.name());
                return java.util.Objects.requireNonNull(checks.get(about)).find();
            }

            @Override
            public void close() {
                open--;
            }
        };
    }
}
