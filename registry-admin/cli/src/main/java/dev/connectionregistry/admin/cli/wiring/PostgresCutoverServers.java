package dev.connectionregistry.admin.cli.wiring;

import dev.connectionregistry.admin.cutover.Barrier;
import dev.connectionregistry.admin.cutover.BarrierChoice;
import dev.connectionregistry.admin.cutover.CoordinatorSignals;
import dev.connectionregistry.admin.cutover.CutoverServers;
import dev.connectionregistry.admin.cutover.ReaderServer;
import dev.connectionregistry.admin.cutover.SourceServer;
import dev.connectionregistry.admin.cutover.TargetServer;
import dev.connectionregistry.admin.cutover.fence.ObservedFence;
import dev.connectionregistry.admin.cutover.postgres.PostgresServers;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.core.internal.secrets.EnvironmentSecrets;
import dev.connectionregistry.settings.SecretRef;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The two servers over JDBC, with passwords found on this machine. Thread-safe. */
final class PostgresCutoverServers implements CutoverServers {
    private final Logins logins;

    @Inject
    PostgresCutoverServers(Logins logins) {
        this.logins = logins;
    }

    @Override
    public SourceServer.Opener source(ServerLogin admin, ServerLogin services, String runId) {
        return PostgresServers.source(login(admin), login(services), runId);
    }

    @Override
    public ObservedFence fence(ServerLogin admin, String runId, Duration bound) throws ServerException {
        return PostgresServers.fence(login(admin), runId, bound);
    }

    @Override
    public TargetServer.Opener target(ServerLogin admin, String runId) {
        return PostgresServers.target(login(admin), runId);
    }

    @Override
    public ReaderServer.Opener reader(ServerLogin admin, String runId) {
        return PostgresServers.reader(login(admin), runId);
    }

    @Override
    public Barrier barrier(BarrierChoice choice, ServerLogin sourceAdmin, ServerLogin targetAdmin, String runId) {
        if (choice.isWithheld()) {
            throw new IllegalStateException("the operator has not given what the barrier executes: " + choice);
        }
        return switch (choice.kind()) {
            case REPLICATION ->
                PostgresServers.logicalReplication(
                        choice.text().isEmpty() ? null : choice.text(), login(sourceAdmin), login(targetAdmin), runId);
            case SQL -> PostgresServers.sql(choice.text(), login(choice.side().of(sourceAdmin, targetAdmin)), runId);
            case COMMAND ->
                PostgresServers.command(
                        List.of("/bin/sh", "-c", choice.text()), passwordVariables(sourceAdmin, targetAdmin));
            case NONE -> PostgresServers.none();
        };
    }

    @Override
    public CoordinatorSignals signals(ServerLogin admin, String runId) {
        return PostgresServers.signals(login(admin), runId);
    }

    /** The environment variables that have the administrators' passwords: the operator's command must not see them. */
    static Set<String> passwordVariables(ServerLogin... logins) {
        return Stream.of(logins)
                .map(ServerLogin::password)
                .filter(reference -> reference.scheme().equals(new EnvironmentSecrets(Map.of()).scheme()))
                .map(SecretRef::locator)
                .collect(Collectors.toUnmodifiableSet());
    }

    private Login login(ServerLogin login) {
        return logins.of(login);
    }
}
