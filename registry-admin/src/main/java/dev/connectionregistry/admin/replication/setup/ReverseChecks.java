package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.StartChecks.refused;

import dev.connectionregistry.admin.replication.server.Publication;
import dev.connectionregistry.admin.replication.server.ReplicationServer;
import dev.connectionregistry.admin.replication.server.Slot;
import dev.connectionregistry.admin.replication.server.Subscription;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Everything that must be so for a way back on which nothing is lost. */
final class ReverseChecks {
    private static final String ANEW =
            "without a loss there is only a new copy: replication stop, empty the tables on the old server, then"
                    + " replication plan and start with it as the target";

    private final Ground ground;

    ReverseChecks(Ground ground) {
        this.ground = ground;
    }

    void require(ReverseRequest request) throws ServerException {
        requireNoOther(request);
        requireSlot(request.slot());
        Publication publication = requirePublication(request);
        requireRights(request, publication);
        List<String> differences = StartChecks.schemaDifferences(ground);
        if (!differences.isEmpty()) {
            ground.talk()
                    .warn("the schemas differ meanwhile; changes that don't fit will stop the way back: "
                            + differences.get(0));
        }
    }

    private void requireNoOther(ReverseRequest request) throws ServerException {
        for (Subscription each : ground.ours(ground.target())) {
            boolean same =
                    each.name().equals(ground.names().main()) && each.slot().equals(request.slot());
            if (!same) {
                throw refused(
                        ground.target().endpoint() + " has a subscription " + each.name() + " on slot '" + each.slot()
                                + "' already",
                        "end it with replication stop, if nobody needs it");
            }
        }
    }

    private void requireSlot(String name) throws ServerException {
        Optional<Slot> slot = ground.slot(ground.source(), name);
        if (slot.isEmpty()) {
            throw refused(
                    "there is no slot " + name + " on " + ground.source().endpoint()
                            + ", so what was written there since the cutover can't be told from what both had before; a"
                            + " cutover makes the slot with --reverse-slot",
                    ANEW);
        }
        if (slot.get().lost() || !slot.get().plugin().equals("pgoutput")) {
            throw refused(
                    "slot " + name + " on " + ground.source().endpoint()
                            + (slot.get().lost() ? " has lost WAL that it needs" : " isn't one for pgoutput"),
                    ANEW);
        }
    }

    private Publication requirePublication(ReverseRequest request) throws ServerException {
        ReplicationServer source = ground.source();
        String name = ground.names().main();
        Optional<Publication> publication = Ground.publication(ground.publications(source), name);
        if (publication.isEmpty() || publication.get().tables().isEmpty()) {
            throw refused(
                    "there is no publication " + name + " with tables on " + source.endpoint()
                            + "; made now it would be younger than the slot, and what was written between the two is in"
                            + " neither. start makes it, if it has the rights",
                    ANEW);
        }
        List<String> younger = ground.patience().gets("compare ages", source, () -> source.publications()
                .youngerThan(request.slot(), name, Patience.BOUND));
        if (!younger.isEmpty() && !request.trusts()) {
            throw refused(
                    "in publication " + name + " on " + source.endpoint() + " is what may be younger than slot "
                            + request.slot() + ", and what was written between the two would be missing: "
                            + String.join(", ", younger.subList(0, Math.min(5, younger.size())))
                            + (younger.size() > 5 ? " and " + (younger.size() - 5) + " more" : ""),
                    "if you know that it was there before the cutover: --trust-publication; else, " + ANEW);
        }
        return publication.get();
    }

    private void requireRights(ReverseRequest request, Publication publication) throws ServerException {
        ReplicationServer source = ground.source();
        ReplicationServer target = ground.target();
        List<String> missing = new ArrayList<>();
        StartChecks.add(
                missing,
                "on ",
                source.endpoint(),
                ground.patience().gets("look at the rights", source, () -> source.rights()
                        .toBeReadBy(
                                request.login().login().username(),
                                publication.tables().keySet(),
                                Patience.BOUND)),
                request.pair().present().username(),
                StartChecks.ADMIN);
        StartChecks.add(
                missing,
                "on ",
                target.endpoint(),
                ground.patience().gets("look at the rights", target, () -> target.rights()
                        .toSubscribe(
                                publication.tables().keySet(),
                                1,
                                request.login().hasPassfile(),
                                Patience.BOUND)),
                request.pair().intended().username(),
                StartChecks.TARGET_ADMIN);
        if (!missing.isEmpty()) {
            throw refused(
                    "rights or room are missing:\n  " + String.join("\n  ", missing),
                    "give these statements as somebody who may, then give the command again");
        }
    }
}
