package dev.connectionregistry.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** {@code docs/architecture.md} says nothing of types that don't exist. */
class ArchitectureDocumentTest {
    private static final Pattern NAMED = Pattern.compile("`([A-Z][a-z]\\w*)`");
    private static final Pattern DECLARED = Pattern.compile("\\b(?:class|interface|record|enum) ([A-Z]\\w*)");
    private static final Pattern STOP = Pattern.compile("^\\d+\\. ", Pattern.MULTILINE);
    private static final int MOST_STOPS = 14;

    /** Tests run in the folder of their module. */
    private static final Path ROOT = Path.of("../..");

    private static String document = "";

    @BeforeAll
    static void read() throws IOException {
        document = Files.readString(ROOT.resolve("docs/architecture.md"));
    }

    @Test
    void everyTypeThatItNamesIsInTheSources() throws IOException {
        Set<String> named = new TreeSet<>(all(NAMED, document));
        assertThat(named).hasSizeGreaterThan(30);
        assertThat(declared()).containsAll(named);
    }

    @Test
    void everyWalkHasFewStops() {
        List<String> walks = List.of(document.split("\n## ")).stream().skip(1).toList();
        assertThat(walks).hasSize(4);
        assertThat(walks)
                .allSatisfy(walk -> assertThat(STOP.matcher(walk).results()).hasSizeBetween(5, MOST_STOPS));
    }

    private static Set<String> declared() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String module : List.of("db-client", "registry-admin")) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(module))) {
                for (Path file :
                        files.filter(each -> each.toString().endsWith(".java")).toList()) {
                    names.addAll(all(DECLARED, Files.readString(file)));
                }
            }
        }
        return names;
    }

    private static List<String> all(Pattern pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }
}
