package dev.connectionregistry.core.internal.secrets.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Arrays;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A service without the SDK's optional modules starts, and is told which one is missing as soon as it needs it. */
class MissingModuleTest {
    /** What the test runs in, without the SDK's services of secrets: the class path of a service that has only db-client. */
    private static final class Without extends URLClassLoader {
        Without() {
            super(
                    Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                            .map(Without::url)
                            .toArray(URL[]::new),
                    ClassLoader.getPlatformClassLoader());
        }

        private static URL url(String entry) {
            try {
                return new File(entry).toURI().toURL();
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (name.matches("software\\.amazon\\.awssdk\\.services\\.(secretsmanager|ssm|rds)\\..*")) {
                throw new ClassNotFoundException(name);
            }
            return super.findClass(name);
        }
    }

    @ParameterizedTest
    @CsvSource({"secretsmanager:orders, secretsmanager", "ssm:/orders, ssm", "rds-iam, rds"})
    void theMissingModuleIsNamed(String reference, String module) throws Exception {
        assertThat(messageWithout(reference))
                .contains("'" + reference + "' needs software.amazon.awssdk:" + module + " on the class path");
    }

    private static String messageWithout(String reference) throws IOException, ReflectiveOperationException {
        try (Without loader = new Without()) {
            return (String) loader.loadClass(Asking.class.getName())
                    .getMethod("messageFor", String.class)
                    .invoke(null, reference);
        }
    }
}
