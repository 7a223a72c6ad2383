package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Developers who know HikariCP find each of its settings on the page for them. */
class HikariPageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "hikaricp.md");
    private static final Pattern FIRST_COLUMN = Pattern.compile("(?m)^\\| ([^|]+) \\|");
    private static final Pattern NAME = Pattern.compile("`([a-zA-Z]+)`");

    @Test
    void eachSettingOfHikariHasARowAndNoRowIsOfASettingThatItDoesNotHave() throws IOException {
        assertThat(rows()).isEqualTo(settings());
    }

    private static Set<String> settings() {
        return Arrays.stream(HikariConfig.class.getMethods())
                .map(Method::getName)
                .filter(name -> name.startsWith("set"))
                .map(name -> name.substring(3, 4).toLowerCase(Locale.ROOT) + name.substring(4))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** What the first column names; a name with brackets is a method of the data source, not a setting. */
    private static Set<String> rows() throws IOException {
        return FIRST_COLUMN
                .matcher(Files.readString(PAGE))
                .results()
                .flatMap(row -> NAME.matcher(row.group(1)).results())
                .map((MatchResult name) -> name.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
