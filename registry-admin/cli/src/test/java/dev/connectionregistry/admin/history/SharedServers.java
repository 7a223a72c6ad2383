package dev.connectionregistry.admin.history;

import dev.connectionregistry.admin.history.stage.Servers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** Servers that are started once for all scenarios of a class; each scenario has databases of its own. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedServers {
    private final int oldMajor;
    private Servers servers;

    SharedServers(int oldMajor) {
        this.oldMajor = oldMajor;
    }

    @BeforeAll
    void startServers() throws Exception {
        servers = new Servers(oldMajor, 18);
    }

    @AfterAll
    void stopServers() {
        servers.close();
    }

    Servers servers() {
        return servers;
    }
}
