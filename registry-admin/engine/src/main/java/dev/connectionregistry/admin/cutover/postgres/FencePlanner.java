package dev.connectionregistry.admin.cutover.postgres;

import dev.connectionregistry.admin.cutover.fence.FenceKind;
import dev.connectionregistry.admin.cutover.fence.FencePlan;
import dev.connectionregistry.admin.cutover.fence.FencePlan.FunctionRights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Grant;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Rights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.RoleDefault;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.Call;
import dev.connectionregistry.admin.cutover.postgres.FenceFacts.ReadOnlyDefault;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.WritingFunction;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a fence's plan, as data, from the facts. Pure.
 *
 * <p>Read-only: the database's default is set, and that of every role whose own would win and isn't on. Exempt roles
 * get one of their own that is off. Before Postgres 16 the functions that write large objects in spite of it can't be
 * called meanwhile. No login: CONNECT is taken from everybody except the run's, exempt and replicating roles. That can
 * be reverted, lets those roles still log in, and needs only the database's owner; a connection limit of 0 would shut
 * them out as well.
 *
 * <p>A plan is only as good as the moment it was made in: what a fence changed is put back from the record on the
 * server ({@link FenceRecords}), never from a plan that is made while the fence is up.
 */
final class FencePlanner {
    private final FenceFacts facts;
    private final Set<String> exempt;

    private FencePlanner(FenceFacts facts, Set<String> exempt) {
        this.facts = facts;
        this.exempt = new TreeSet<>(exempt);
    }

    /**
     * Makes the plan.
     *
     * @throws ServerException {@code REFUSED} if no such fence can hold here
     */
    static FencePlan plan(FenceKind kind, FenceFacts facts, Set<String> exempt) throws ServerException {
        FencePlanner planner = new FencePlanner(facts, exempt);
        planner.requireSensible(kind);
        try {
            return new FencePlan(
                    kind,
                    facts.database(),
                    exempt,
                    planner.before(null),
                    planner.readOnlyRoles(),
                    planner.writingRoles(),
                    kind == FenceKind.NO_LOGIN ? Optional.of(planner.connect()) : Optional.empty(),
                    kind == FenceKind.READ_ONLY ? planner.functions() : List.of());
        } catch (InvalidSettingsException e) { // such as more roles than a plan holds
            throw planner.refusal(String.valueOf(e.getMessage()));
        }
    }

    private void requireSensible(FenceKind kind) throws ServerException {
        refuseIf(
                exempt.contains(facts.service()),
                "role " + facts.service() + " is the services' own and can't be exempt from the fence");
        for (String role : exempt) {
            refuseIf(!facts.exists(role), "exempt role " + role + " does not exist");
        }
        if (kind == FenceKind.NO_LOGIN) {
            requireLoginCanBeRefused();
        } else {
            requireNoFunctionWrites();
        }
    }

    private void requireLoginCanBeRefused() throws ServerException {
        String service = facts.service();
        refuseIf(
                facts.serviceIsSuperuser(),
                "role " + service
                        + " of the services is a superuser, whose login can't be refused; use --fence read-only,"
                        + " or ALTER ROLE " + Sql.identifier(service) + " NOSUPERUSER");
        refuseIf(
                facts.serviceIsAdmin(),
                "role " + service + " of the services is the run's role " + facts.admin()
                        + " or has its rights, so its login can't be refused; give the run a role of its own, or use"
                        + " --fence read-only");
        for (FenceFacts.Grant grant : facts.connects()) {
            refuseIf(
                    !grant.grantor().equals(facts.owner()),
                    "CONNECT was granted to " + name(grant.grantee()) + " by " + grant.grantor()
                            + ", not by the owner, and couldn't be restored exactly; grant it as " + facts.owner());
        }
    }

    /** Before Postgres 16 a read-only transaction may change large objects; only a superuser can forbid the functions. */
    private void requireNoFunctionWrites() throws ServerException {
        for (Call call : facts.calls()) {
            String who = name(call.grant().grantee());
            refuseIf(
                    WritingFunction.of(call.signature()).isEmpty(),
                    call.signature() + " writes large objects in spite of a read-only transaction, and " + who
                            + " may call it; REVOKE EXECUTE ON FUNCTION pg_catalog." + call.signature() + " FROM " + who
                            + ", or use --fence no-login");
            refuseIf(
                    !call.grant().grantor().equals(call.owner()),
                    "EXECUTE on " + call.signature() + " was granted to " + who + " by "
                            + call.grant().grantor()
                            + ", not by the owner, and couldn't be restored exactly; grant it as "
                            + call.owner() + ", or use --fence no-login");
        }
        refuseIf(
                !facts.calls().isEmpty() && !facts.adminIsSuperuser(),
                "before Postgres 16 a read-only transaction can create, change and delete large objects, and only a"
                        + " superuser can keep sessions from it. Use --fence no-login; or run the cutover as a superuser; or,"
                        + " if nothing uses large objects, have a superuser execute in this database: "
                        + WritingFunction.revoke(facts.calls().stream()
                                .map(call -> name(call.grant().grantee()))
                                .distinct()
                                .toList()));
    }

    private void refuseIf(boolean wrong, String why) throws ServerException {
        if (wrong) {
            throw refusal(why);
        }
    }

    private ServerException refusal(String why) {
        return new ServerException(
                Kind.REFUSED, "can't plan a fence for database " + facts.database() + ": " + why, null);
    }

    private List<RoleDefault> readOnlyRoles() {
        return rolesWithOwn().stream()
                .filter(role -> !exempt.contains(role) && !isOn(role))
                .map(role -> new RoleDefault(role, before(role)))
                .toList();
    }

    /** The exempt roles, without superusers unless the run's role may change those. */
    private List<RoleDefault> writingRoles() {
        return exempt.stream()
                .filter(role -> facts.adminIsSuperuser() || !facts.isSuperuser(role))
                .map(role -> new RoleDefault(role, before(role)))
                .toList();
    }

    private Set<String> rolesWithOwn() {
        Set<String> roles = new TreeSet<>();
        facts.defaults().stream()
                .map(ReadOnlyDefault::role)
                .filter(Objects::nonNull)
                .forEach(roles::add);
        return roles;
    }

    private boolean isOn(String role) {
        ReadOnlyDefault winner = own(role, true) == null ? own(role, false) : own(role, true);
        return winner != null && winner.on();
    }

    private Optional<String> before(@Nullable String role) {
        return Optional.ofNullable(own(role, true)).map(ReadOnlyDefault::value);
    }

    private @Nullable ReadOnlyDefault own(@Nullable String role, boolean inDatabase) {
        return facts.defaults().stream()
                .filter(each -> Objects.equals(each.role(), role) && each.inDatabase() == inDatabase)
                .findFirst()
                .orElse(null);
    }

    private Rights connect() {
        Set<String> kept = new TreeSet<>(exempt);
        kept.addAll(facts.replicators());
        kept.add(facts.admin());
        kept.remove(facts.service());
        return taken(facts.connectsDefault(), facts.connects(), kept);
    }

    private List<FunctionRights> functions() {
        List<FunctionRights> rights = new ArrayList<>();
        for (WritingFunction function : WritingFunction.values()) {
            List<Call> calls = facts.calls().stream()
                    .filter(call -> call.signature().equals(function.signature()))
                    .toList();
            if (!calls.isEmpty()) {
                boolean wasDefault = calls.get(0).wasDefault();
                List<FenceFacts.Grant> grants = calls.stream().map(Call::grant).toList();
                rights.add(new FunctionRights(function, taken(wasDefault, grants, exempt)));
            }
        }
        return rights;
    }

    /**
     * Roles that keep the right get a grant of their own before anything is taken away, since theirs may come through
     * PUBLIC.
     */
    private static Rights taken(boolean wasDefault, List<FenceFacts.Grant> grants, Set<String> kept) {
        List<String> given = kept.stream()
                .filter(role -> grants.stream().noneMatch(grant -> role.equals(grant.grantee())))
                .toList();
        List<Grant> taken = grants.stream()
                .filter(grant -> grant.grantee() == null || !kept.contains(grant.grantee()))
                .map(grant -> new Grant(Optional.ofNullable(grant.grantee()), grant.grantable()))
                .toList();
        return new Rights(wasDefault, taken, given);
    }

    private static String name(@Nullable String grantee) {
        return grantee == null ? "PUBLIC" : Sql.identifier(grantee);
    }
}
