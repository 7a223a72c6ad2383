package dev.connectionregistry.admin.cutover.coordinator;

import dev.connectionregistry.admin.cutover.decision.RunState.RunOutcome;
import dev.connectionregistry.admin.cutover.journal.RunRecord;
import dev.connectionregistry.admin.cutover.journal.RunRecordCodec;
import dev.connectionregistry.admin.fleet.OtherNames;
import dev.connectionregistry.admin.fleet.OtherNames.NamedFleet;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.settings.FormerSources;
import dev.connectionregistry.registry.CutoverRegistry;
import dev.connectionregistry.registry.RegistryAdministration;
import dev.connectionregistry.registry.ServerIdentity;
import dev.connectionregistry.settings.DatabaseName;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Recognises a Postgres database that a cutover of any name left behind its fence, from the journals: even one that
 * another name left, and one at another address, if instances say which server that is. Logs in nowhere. A forged
 * journal can only make a move ask for the operator's acceptance. Thread-safe.
 */
public final class LeftServers {
    private static final Set<RunOutcome> SWITCHED =
            EnumSet.of(RunOutcome.SWITCHED, RunOutcome.SWITCHED_NOT_ALL_SEEN, RunOutcome.TOO_LATE);
    private static final int JOURNALS = 10;
    private static final int VERSIONS = 100;

    private final CutoverRegistry cutovers;
    private final RegistryAdministration registry;

    @Inject
    public LeftServers(CutoverRegistry cutovers, RegistryAdministration registry) {
        this.cutovers = cutovers;
        this.registry = registry;
    }

    /**
     * The cutover that left the Postgres database at {@code to}; empty if none did, or if its name was moved there
     * again since. What {@code database}'s own history says about the same endpoint is left to {@link FormerSources}.
     *
     * @param all all names, whose journals are read: a query for each
     * @throws dev.connectionregistry.registry.RegistryException if a journal can't be read
     */
    public Optional<RunRecord> find(DatabaseName database, Endpoint to, List<NamedFleet> all) {
        List<RunRecord> runs = all.stream()
                .map(NamedFleet::name)
                .flatMap(name -> cutovers.journals(name, JOURNALS).stream().flatMap(journal -> read(journal, name)))
                .toList();
        return find(to, OtherNames.reachedAt(to, all), runs)
                .filter(run -> !run.spec().database().equals(database)
                        || !OtherNames.isSame(run.spec().source().endpoint(), to))
                .filter(this::isStillLeft);
    }

    /** A later version of the same name may be on that server again; an operator accepted that at the time. */
    private boolean isStillLeft(RunRecord run) {
        return FormerSources.find(
                        run.spec().source().endpoint(),
                        registry.history(run.spec().database(), VERSIONS))
                .isPresent();
    }

    /**
     * The latest run that moved from or to the Postgres database at {@code to}, if it moved from there. Pure.
     *
     * @param reached what instances say is at {@code to}
     */
    static Optional<RunRecord> find(Endpoint to, Collection<ServerIdentity> reached, List<RunRecord> runs) {
        return runs.stream()
                .filter(run -> run.outcome().filter(SWITCHED::contains).isPresent())
                .sorted(Comparator.comparing((RunRecord run) -> run.spec().startedAt())
                        .reversed())
                .filter(run -> isSource(run, to, reached) || isTarget(run, to, reached))
                .findFirst()
                .filter(run -> isSource(run, to, reached));
    }

    private static boolean isSource(RunRecord run, Endpoint to, Collection<ServerIdentity> reached) {
        return OtherNames.isSame(run.spec().source().endpoint(), to)
                || run.databases().stream().anyMatch(each -> isOneOf(each.source(), reached));
    }

    private static boolean isTarget(RunRecord run, Endpoint to, Collection<ServerIdentity> reached) {
        return OtherNames.isSame(run.spec().target().endpoint(), to)
                || run.databases().stream().anyMatch(each -> isOneOf(each.target(), reached));
    }

    private static boolean isOneOf(Optional<PostgresIdentity> identity, Collection<ServerIdentity> reached) {
        return identity.stream().anyMatch(known -> reached.stream()
                .anyMatch(each -> each.systemIdentifier()
                                .filter(known.systemIdentifier()::equals)
                                .isPresent()
                        && each.database().equals(known.database())));
    }

    private static Stream<RunRecord> read(Map<String, Object> journal, DatabaseName database) {
        try {
            return Stream.of(RunRecordCodec.record(journal, database, String.valueOf(journal.get("id")))
                    .about(database));
        } catch (InvalidSettingsException e) {
            return Stream.empty();
        }
    }
}
