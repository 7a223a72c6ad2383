package dev.connectionregistry.admin.history;

import dev.connectionregistry.admin.history.stage.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Servers that are started once for all scenarios of a class; each scenario has databases of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedServers {
    private final int sourceMajor;
    private Servers servers;

    SharedServers(int sourceMajor) {
        this.sourceMajor = sourceMajor;
    }

    @BeforeAll
    void startServers() throws Exception {
        servers = new Servers(sourceMajor, 18);
    }

    @AfterAll
    void stopServers() {
        servers.close();
    }

    Servers servers() {
        return servers;
    }
}
