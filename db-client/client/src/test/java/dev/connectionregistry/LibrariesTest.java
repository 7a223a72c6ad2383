package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.connectionregistry.testing.ThrowAwayLoaders;
import java.lang.reflect.InvocationTargetException;
import java.net.URLClassLoader;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With a library that is too old the start says so, in one sentence. */
class LibrariesTest {
    @ParameterizedTest
    @CsvSource({
        "org.slf4j.helpers.LegacyAbstractLogger, org.slf4j:slf4j-api, 2.0.0 or later",
        "com.zaxxer.hikari.SQLExceptionOverride$Override, com.zaxxer:HikariCP, 6.3.0 or later",
        "com.fasterxml.jackson.databind.json.JsonMapper, com.fasterxml.jackson.core:jackson-databind, 2.10 or later"
    })
    void saysWhatIsTooOldAndWhatToUse(String missing, String artifact, String advice) throws Exception {
        try (Without loader = new Without(missing)) {
            Class<?> dataSource = loader.loadClass(RegistryDataSource.class.getName());
            assertThatThrownBy(() -> dataSource.getMethod("builder").invoke(null))
                    .isInstanceOf(InvocationTargetException.class)
                    .cause()
                    .hasMessageStartingWith("db-client can't start: " + artifact + " on the class path is ")
                    .hasMessageContaining("which is too old: use " + advice);
        }
    }

    /** This class path, but for one class, as if the library were an older one. */
    private static final class Without extends URLClassLoader {
        private final String missing;

        Without(String missing) {
            super(ThrowAwayLoaders.classPath(), ClassLoader.getPlatformClassLoader());
            this.missing = missing;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.equals(missing)) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }
}
