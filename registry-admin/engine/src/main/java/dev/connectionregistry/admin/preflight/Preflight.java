package dev.connectionregistry.admin.preflight;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.SimilarNames;
import dev.connectionregistry.admin.common.Timing;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.InvalidSettingsException;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Makes every check, one after the other, each within its bound. Changes nothing. Thread-safe. */
public final class Preflight {
    private final ServerChecks servers;
    private final FleetChecks fleet;
    private final Timing timing;

    @Inject
    public Preflight(ServerChecks servers, FleetChecks fleet, Timing timing) {
        this.servers = servers;
        this.fleet = fleet;
        this.timing = timing;
    }

    /** Every check there is. */
    public List<About> all() {
        return Stream.concat(servers.all().stream(), fleet.all().stream()).toList();
    }

    /**
     * Fails if there is no check of one of these names.
     *
     * @throws InvalidSettingsException naming the checks that exist
     */
    public void requireKnown(Collection<String> names) {
        List<String> known = all().stream().map(About::name).sorted().toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new InvalidSettingsException("there is no check '" + name + "'; "
                        + SimilarNames.to(name, known).stream()
                                .findFirst()
                                .map(close -> "did you mean " + close + "? ")
                                .orElse("")
                        + "the checks are: " + String.join(", ", known));
            }
        }
    }

    /**
     * Makes the checks.
     *
     * @throws InvalidSettingsException if a check to be skipped doesn't exist
     * @throws OperationException {@code INTERRUPTED} if the operator stopped it
     */
    public PreflightReport look(PreflightRequest request, PreflightObserver observer) {
        requireKnown(request.skipped());
        FleetChecks.Looking fleetLooking = fleet.begin(request.pair());
        List<About> wanted = all().stream()
                .filter(about -> !request.leftOut().contains(about.name()))
                .toList();
        List<Result> results = new ArrayList<>();
        try (ServerChecks.Looking serverLooking = servers.begin(new Subject(
                request.pair(),
                fleetLooking.sessions(),
                fleetLooking.registrySessions(),
                fleetLooking.connections(),
                fleetLooking.otherFleets(),
                request.limits().longTransaction()))) {
            for (About about : wanted) {
                requireGoOn(results.size(), wanted.size());
                observer.begun(about, results.size() + 1, wanted.size());
                results.add(new Result(about, look(about, request, fleetLooking, serverLooking)));
            }
        } finally {
            observer.finished();
        }
        return new PreflightReport(request.pair(), results);
    }

    private Finding look(
            About about,
            PreflightRequest request,
            FleetChecks.Looking fleetLooking,
            ServerChecks.Looking serverLooking) {
        if (request.skipped().contains(about.name())) {
            return new Finding(Outcome.SKIPPED, "left out by --skip-check", List.of());
        }
        if (fleet.all().contains(about)) {
            return fleetLooking.look(about);
        }
        try {
            return serverLooking.look(about, request.limits().check());
        } catch (ServerException e) {
            return unknown(e);
        }
    }

    private static Finding unknown(ServerException e) {
        String why = String.valueOf(e.getMessage());
        return e.kind() == ServerException.Kind.TIMED_OUT
                ? Finding.unknown(
                        why,
                        Remedy.advice("find out what it waits for; preflight gives it more time with --check-timeout"))
                : Finding.unknown(why);
    }

    private void requireGoOn(int done, int all) {
        if (timing.stopped() || Thread.currentThread().isInterrupted()) {
            throw new OperationException(
                    Reason.INTERRUPTED, "stopped after " + done + " of " + all + " checks; nothing was changed", "");
        }
    }
}
