package dev.connectionregistry.admin.replication.setup;

import static dev.connectionregistry.admin.replication.setup.PatientServer.BOUND;

import dev.connectionregistry.admin.common.OperationException;
import dev.connectionregistry.admin.common.OperationException.Reason;
import dev.connectionregistry.admin.common.Plural;
import dev.connectionregistry.admin.replication.plan.PlanCheck;
import dev.connectionregistry.admin.replication.plan.ReplicationPlan.PlannedTable;
import dev.connectionregistry.admin.replication.plan.SourceFacts;
import dev.connectionregistry.admin.replication.server.Rights.MissingRight;
import dev.connectionregistry.admin.replication.server.Slots.Slot;
import dev.connectionregistry.admin.replication.server.Subscriptions.SubscriberLogin;
import dev.connectionregistry.admin.replication.setup.StartReplication.StartRequest;
import dev.connectionregistry.admin.server.SchemaDifference;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerPair;
import dev.connectionregistry.admin.server.SupportedMajors;
import dev.connectionregistry.admin.server.TableName;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Checks everything that must hold before the first statement changes something. */
final class StartChecks {
    /** The option that names the role on the source. */
    static final String ADMIN = "--admin-username";
    /** The option that names the role on the target. */
    static final String TARGET_ADMIN = "--target-admin-username";

    private static final int SHOWN = 10;

    private final ReplicationContext context;

    StartChecks(ReplicationContext context) {
        this.context = context;
    }

    /** Refuses two addresses of one database. */
    static void requireTwo(ReplicationContext context) throws ServerException {
        boolean same = context.target()
                .ask(
                        "see whether it is the source",
                        target -> target.isSameAs(context.source().server(), BOUND));
        if (same) {
            throw refused(
                    SupportedMajors.sameDatabase(context.target().identity()) + ": "
                            + context.source().endpoint() + " and "
                            + context.target().endpoint(),
                    "name the other server with --target");
        }
    }

    /**
     * Tells the operator if the subscription runs as its own owner: what is attached to tables then runs as that role,
     * too.
     */
    static void tellWhoWrites(ReplicationContext context) throws ServerException {
        List<TableName> tables = context.target().ask("look whom row security binds", target -> target.subscriptions()
                .writtenAsSubscriber(BOUND));
        if (!tables.isEmpty()) {
            context.observer()
                    .warn("row security binds the owner of " + tables.get(0)
                            + (tables.size() > 1 ? " and of " + Plural.of(tables.size() - 1, "more table") : "")
                            + ", so the subscription runs as its own owner (run_as_owner) instead of as the tables'"
                            + " owners: functions in their checks and indexes, and triggers that fire for replicated"
                            + " rows, run with the rights of that role, too");
        }
    }

    /**
     * Says which triggers of the target fire for every row that arrives: most were made for whoever writes the row
     * first.
     */
    static void tellOfTriggers(ReplicationContext context) throws ServerException {
        List<String> aside = context.target().ask("look for triggers", target -> target.setTriggersAside(BOUND));
        if (!aside.isEmpty()) {
            context.observer()
                    .warn(Plural.of(aside.size(), "trigger") + " of "
                            + context.target().endpoint()
                            + (aside.size() == 1 ? " fires" : " fire")
                            + " for every row that is copied or applied, without a search path. To set "
                            + (aside.size() == 1 ? "it" : "them") + " aside there without a change for the"
                            + " services: " + beginning(context)
                            + String.join(" ", aside));
        }
    }

    /** How the target must log in to the source so that no timeout ends its sessions there. */
    static SubscriberLogin untimed(ReplicationContext context, SubscriberLogin login) throws ServerException {
        return login.withoutTimeouts(
                context.source().ask("ask which timeouts there are", source -> source.timeouts(BOUND)));
    }

    /** The facts about both servers and the tables. */
    static SourceFacts facts(ReplicationContext context) throws ServerException {
        return context.source()
                .ask(
                        "read the tables",
                        source -> new SourceFacts(
                                source.identity().major(),
                                context.target().identity().major(),
                                source.counting(BOUND),
                                source.tables(BOUND),
                                source.extensionTables(BOUND)));
    }

    /** Refuses a target whose schema differs from the source's. */
    void requireSameSchema() throws ServerException {
        List<String> differences = schemaDifferences(context);
        if (!differences.isEmpty()) {
            throw refused(
                    "the schemas of " + context.source().endpoint() + " (source) and "
                            + context.target().endpoint() + " (target) differ:\n  " + String.join("\n  ", differences),
                    "make them equal, for example with pg_dump --schema-only from the source; --skip-schema-check"
                            + " continues anyway");
        }
    }

    static List<String> schemaDifferences(ReplicationContext context) throws ServerException {
        List<String> source = context.source().ask("read the schema", asked -> asked.schemaLines(BOUND));
        List<String> target = context.target().ask("read the schema", asked -> asked.schemaLines(BOUND));
        return SchemaDifference.between(source, target, SHOWN);
    }

    /** The plan applied to the tables as they are now. */
    List<PlannedTable> settle(StartRequest request, SourceFacts facts) {
        String database = request.pair().database().value();
        if (!request.plan().database().equals(database)) {
            throw refused(
                    "the plan is for '" + request.plan().database() + "', not for '" + database + "'",
                    "make one with replication plan " + database);
        }
        PlanCheck check = new PlanCheck(facts).check(request.plan());
        if (!check.problems().isEmpty()) {
            throw refused(
                    "the plan can't be carried out:\n  " + String.join("\n  ", check.problems()),
                    "fix that, then run the command again");
        }
        return check.tables();
    }

    /** Refuses if a right is missing, with the statement that grants it. */
    void requireRights(ServerPair pair, List<PlannedTable> tables, List<String> feeds, SubscriberLogin login)
            throws ServerException {
        String services = pair.sourceSettings().username();
        List<TableName> names = tables.stream().map(PlannedTable::name).toList();
        Set<String> slots = context.source().slots().stream().map(Slot::name).collect(Collectors.toSet());
        int fresh = (int) feeds.stream().filter(each -> !slots.contains(each)).count();
        List<String> missing = new ArrayList<>();
        add(
                missing,
                "on the source, ",
                context.source().endpoint(),
                context.source()
                        .ask("look at the rights", source -> source.rights().toPublish(names, fresh, BOUND)),
                services,
                ADMIN);
        add(
                missing,
                "on the source, ",
                context.source().endpoint(),
                context.source().ask("look at the rights", source -> source.rights()
                        .toBeReadBy(login.login().username(), names, BOUND)),
                services,
                ADMIN);
        add(
                missing,
                "on the target, ",
                context.target().endpoint(),
                context.target().ask("look at the rights", target -> target.rights()
                        .toSubscribe(names, fresh, login.hasPassfile(), BOUND)),
                pair.targetSettings().username(),
                TARGET_ADMIN);
        refuseMissing(context, "rights, room or settings are missing", missing);
    }

    /** Refuses if something is missing. */
    static void refuseMissing(ReplicationContext context, String what, List<String> missing) throws ServerException {
        if (!missing.isEmpty()) {
            String begin = beginning(context);
            throw refused(
                    what + ":\n  " + String.join("\n  ", missing),
                    "execute these statements with a role that may"
                            + (begin.isEmpty()
                                    ? ""
                                    : " (on " + context.target().endpoint() + ", where sessions begin read-only, after "
                                            + begin.strip() + ")")
                            + ", then run the command again");
        }
    }

    /**
     * The statement that a session on the target must begin with, before others are pasted into it; empty unless a
     * fence, or the like, refuses these.
     */
    static String beginning(ReplicationContext context) throws ServerException {
        boolean readOnly = context.target().ask("ask whether sessions begin read-only", target -> target.rights()
                .isReadOnlyByDefault(BOUND));
        return readOnly ? "SET default_transaction_read_only = off; " : "";
    }

    /**
     * Adds a line for each right, with the server that lacks it, without duplicates. {@code option} is the one that
     * names a role other than the services'.
     */
    static void add(
            List<String> missing,
            String side,
            Object endpoint,
            List<MissingRight> rights,
            String services,
            String option) {
        Set<String> words = new LinkedHashSet<>();
        rights.forEach(each -> words.add(side + endpoint + ", to " + each.sparing(services, option)));
        words.stream().filter(each -> !missing.contains(each)).forEach(missing::add);
    }

    static OperationException refused(String message, String next) {
        return new OperationException(Reason.FAILED, message, next);
    }
}
