package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Guards the public API of db-client and registry-core (ADR 0027): what is public in a package without "internal" in its name. */
class ApiTest {
    private static final Path SNAPSHOT = Path.of("src/test/resources/api.txt");
    private static final List<Path> SOURCES = List.of(Path.of("src/main/java"), Path.of("../core/src/main/java"));
    private static final String UPDATE = "api.update";

    @Test
    void isWhatTheSnapshotSays() throws Exception {
        List<String> api = api();
        if (Boolean.getBoolean(UPDATE)) {
            Files.write(SNAPSHOT, api);
        }
        assertThat(api)
                .as(
                        "the public API differs from db-client/client/%s. A change that users have to follow goes into CHANGELOG.md;"
                                + " then update the file: mvn test -pl :db-client -am -Dtest=ApiTest -D%s=true"
                                + " -Dsurefire.failIfNoSpecifiedTests=false",
                        SNAPSHOT, UPDATE)
                .isEqualTo(Files.readAllLines(SNAPSHOT));
    }

    @Test
    void mentionsNothingInternal() throws Exception {
        assertThat(api()).noneMatch(line -> line.contains(".internal."));
    }

    private static List<String> api() throws IOException, ClassNotFoundException {
        List<String> names = new ArrayList<>();
        for (Path root : SOURCES) {
            try (Stream<Path> files = Files.walk(root)) {
                files.map(file -> root.relativize(file).toString().replace('/', '.'))
                        .filter(name -> name.endsWith(".java") && !name.endsWith("package-info.java"))
                        .filter(name -> !name.contains(".internal."))
                        .map(name -> name.substring(0, name.length() - ".java".length()))
                        .forEach(names::add);
            }
        }
        assertThat(names)
                .contains("dev.connectionregistry.RegistryDataSource", "dev.connectionregistry.settings.Endpoint");
        List<String> lines = new ArrayList<>();
        for (String name : names.stream().sorted().toList()) {
            describe(Class.forName(name), lines);
        }
        return lines;
    }

    private static void describe(Class<?> type, List<String> lines) {
        if (!isVisible(type.getModifiers())) {
            return;
        }
        // since JDK 21 the text itself says "sealed"
        String declared = type.toGenericString().replace("non-sealed ", "").replace("sealed ", "");
        lines.add((type.isSealed() ? "sealed " : "") + declared + ancestors(type));
        Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
                .flatMap(Arrays::stream)
                .filter(member -> isVisible(((Member) member).getModifiers()) && !((Member) member).isSynthetic())
                .map(member -> member instanceof Field field
                        ? field.toGenericString()
                        : ((Executable) member).toGenericString())
                .map(text -> "    " + text.replace(type.getTypeName() + ".", ""))
                .sorted()
                .forEach(lines::add);
        Stream.of(type.getDeclaredClasses())
                .sorted((one, other) -> one.getName().compareTo(other.getName()))
                .forEach(nested -> describe(nested, lines));
    }

    private static String ancestors(Class<?> type) {
        Type above = type.getGenericSuperclass();
        boolean said = above != null && above != Object.class && !type.isEnum() && !type.isRecord();
        String interfaces = Stream.of(type.getGenericInterfaces())
                .map(Type::getTypeName)
                .sorted()
                .collect(Collectors.joining(", "));
        return (said ? " extends " + above.getTypeName() : "") + (interfaces.isEmpty() ? "" : " with " + interfaces);
    }

    private static boolean isVisible(int modifiers) {
        return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
    }
}
