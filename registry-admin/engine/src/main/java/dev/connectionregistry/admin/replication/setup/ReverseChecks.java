package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;
import static dev.connectionregistry.admin.replication.setup.StartChecks.refused;

import dev.connectionregistry.admin.replication.FollowResult;
import dev.connectionregistry.admin.replication.server.Publications.Publication;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.Subscription;
import dev.connectionregistry.admin.replication.setup.ReverseReplication.ReverseRequest;
import dev.connectionregistry.admin.server.ServerException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Checks everything that must hold for a way back that loses nothing. */
final class ReverseChecks {
    private static final String AGAIN =
            "without a loss there is only a new copy: replication stop, empty the tables on the target, then"
                    + " replication plan and start with it as the target";

    private static final Duration PROOF = Duration.ofSeconds(10);

    private final ReplicationContext context;

    ReverseChecks(ReplicationContext context) {
        this.context = context;
    }

    /** Makes all checks, and returns the slot's name. */
    String require(ReverseRequest request) throws ServerException {
        String name = requireSlot(request);
        requireNoOther(name);
        requireSameServer();
        Publication publication = requirePublication(request, name);
        requireRights(request, publication);
        List<String> differences = StartChecks.schemaDifferences(context);
        if (!differences.isEmpty()) {
            context.observer()
                    .warn("the schemas differ by now; changes that don't fit will stop the way back: "
                            + differences.get(0));
        }
        return name;
    }

    /**
     * Refuses a target that isn't the server from which the source got its rows: it lacks what was written before the
     * cutover. Once an earlier run of this has ended the replication that led to the source, only the slot's name shows
     * that.
     */
    private void requireSameServer() throws ServerException {
        for (Subscription each : context.ours(context.source())) {
            FollowResult following = context.source()
                    .ask("see whom the source follows", source -> source.subscriptions()
                            .following(each.name(), context.target().server(), PROOF));
            if (each.enabled() && !following.proven()) {
                throw refused(
                        context.source().endpoint() + " isn't proven to have followed "
                                + context.target().endpoint() + " until now: its subscription " + each.name() + " "
                                + following.why(),
                        "name the server that the cutover left with --target; if it is this one, and its subscription can't"
                                + " work any more: on the source, ALTER SUBSCRIPTION " + each.name() + " DISABLE");
            }
        }
    }

    private void requireNoOther(String slot) throws ServerException {
        for (Subscription each : context.ours(context.target())) {
            boolean same =
                    each.name().equals(context.names().main()) && each.slot().equals(slot);
            if (!same) {
                throw refused(
                        context.target().endpoint() + " has a subscription " + each.name() + " on slot '" + each.slot()
                                + "' already",
                        "end it with replication stop, if nobody needs it");
            }
        }
    }

    private String requireSlot(ReverseRequest request) throws ServerException {
        List<String> names = request.slot().map(List::of).orElse(context.names().wayBack());
        Optional<Slot> slot = Optional.empty();
        for (String name : names) {
            slot = slot.isPresent() ? slot : context.source().slot(name);
        }
        if (slot.isEmpty()) {
            throw refused(
                    "there is no slot " + String.join(" or ", names) + " on "
                            + context.source().endpoint()
                            + ", so what was written there since the cutover can't be told from what both had before; a"
                            + " cutover makes the slot with --reverse-slot" + others(),
                    AGAIN);
        }
        Slot found = slot.get();
        if (found.lost() || !found.plugin().equals("pgoutput")) {
            throw refused(
                    "slot " + found.name() + " on " + context.source().endpoint()
                            + (found.lost() ? " has lost WAL that it needs" : " isn't one for pgoutput"),
                    AGAIN);
        }
        return found.name();
    }

    /** Other unused slots, one of which may be meant. */
    private String others() throws ServerException {
        String others = context.source().slots().stream()
                .filter(each -> each.plugin().equals("pgoutput") && !each.active())
                .map(Slot::name)
                .collect(Collectors.joining(", "));
        return others.isEmpty() ? "" : "; if it made one of these: --reverse-slot NAME with " + others;
    }

    private Publication requirePublication(ReverseRequest request, String slot) throws ServerException {
        PatientServer source = context.source();
        String name = context.names().main();
        Optional<Publication> publication = source.publication(name);
        if (publication.isEmpty() || publication.get().tables().isEmpty()) {
            throw refused(
                    "there is no publication " + name + " with tables on " + source.endpoint()
                            + "; made now, it would be younger than the slot, and what was written between the two"
                            + " would be in neither. start makes it, if it has the rights",
                    AGAIN);
        }
        List<String> younger =
                source.ask("compare ages", asked -> asked.publications().youngerThan(slot, name, BOUND));
        if (!younger.isEmpty() && !request.trusts()) {
            throw refused(
                    "publication " + name + " on " + source.endpoint() + " has parts that may be younger than slot "
                            + slot + ", and what was written between the two would be missing: "
                            + String.join(", ", younger.subList(0, Math.min(5, younger.size())))
                            + (younger.size() > 5 ? " and " + (younger.size() - 5) + " more" : ""),
                    "if you know that it was there before the cutover: --trust-publication; else, " + AGAIN);
        }
        return publication.get();
    }

    private void requireRights(ReverseRequest request, Publication publication) throws ServerException {
        PatientServer source = context.source();
        PatientServer target = context.target();
        List<String> missing = new ArrayList<>();
        StartChecks.add(
                missing,
                "on ",
                source.endpoint(),
                source.ask("look at the rights", asked -> asked.rights()
                        .toBeReadBy(
                                request.login().login().username(),
                                publication.tables().keySet(),
                                BOUND)),
                request.pair().sourceSettings().username(),
                StartChecks.ADMIN);
        StartChecks.add(
                missing,
                "on ",
                target.endpoint(),
                target.ask("look at the rights", asked -> asked.rights()
                        .toSubscribe(
                                publication.tables().keySet(),
                                1,
                                request.login().hasPassfile(),
                                BOUND)),
                request.pair().targetSettings().username(),
                StartChecks.TARGET_ADMIN);
        StartChecks.refuseMissing(context, "rights or room are missing", missing);
    }
}
