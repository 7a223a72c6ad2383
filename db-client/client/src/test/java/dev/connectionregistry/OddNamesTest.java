package dev.connectionregistry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.connectionregistry.registry.memory.InMemoryRegistry;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.testing.Leftovers;
import dev.connectionregistry.testing.Servers;
import dev.connectionregistry.testing.Sources;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever Postgres lets a database, a role or a password be called, is connected to. */
class OddNamesTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();

    @AfterEach
    void nothingIsLeft() {
        Leftovers.awaitNoThreads();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                " with  spaces ",
                "quo'te\"d",
                "UPPER",
                "a/b\\c",
                "a?b=c&user=d#e;f",
                "100%41+1%",
                "größe-注文",
                "@host:5433",
                "sixty-three-bytes-------------------------------------------end"
            })
    void isConnectedTo(String odd, @TempDir Path folder) throws Exception {
        String secret = "pass " + odd + " word";
        Path file = Files.writeString(folder.resolve("password"), secret + "\r\n");
        Servers.first().createDatabase(odd).createLogin(odd, secret);
        Endpoint endpoint = new Endpoint("127.0.0.1", Servers.first().port(), odd);
        registry.put("orders", Servers.settings(endpoint).withCredentials(odd, SecretRef.parse("file:" + file)));
        try (RegistryDataSource dataSource = Sources.on(registry, "odd").build();
                Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT current_database(), current_user")) {
            row.next();
            assertThat(row.getString(1)).isEqualTo(odd);
            assertThat(row.getString(2)).isEqualTo(odd);
        }
    }
}
