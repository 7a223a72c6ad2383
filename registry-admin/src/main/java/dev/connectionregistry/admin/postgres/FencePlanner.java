package dev.connectionregistry.admin.postgres;

import dev.connectionregistry.admin.cutover.server.FenceKind;
import dev.connectionregistry.admin.cutover.server.FencePlan;
import dev.connectionregistry.admin.postgres.FenceFacts.Connect;
import dev.connectionregistry.admin.postgres.FenceFacts.ReadOnlyDefault;
import dev.connectionregistry.admin.postgres.session.SqlText;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.ServerException.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Makes a fence's statements from what stands. Pure.
 *
 * <p>Read-only: the database's default is set, and that of every role whose own would win and isn't on. Exempt roles get one
 * of their own that is off. No login: CONNECT is taken from everybody but the run's, exempt and replicating roles, which is
 * exactly reversible, keeps those roles able to log in again, and needs only the database's owner; a connection limit of 0
 * would shut them out as well.
 *
 * <p>A plan is only as good as the moment it was made in: made while a fence is up, its way down leads back to that fence.
 */
final class FencePlanner {
    private static final String SETTING = "default_transaction_read_only";

    private final FenceFacts facts;
    private final Set<String> exempt;
    private final List<String> up = new ArrayList<>();
    /** In the order of {@link #up}; executed the other way round. */
    private final List<String> down = new ArrayList<>();

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
        planner.readOnly();
        if (kind == FenceKind.NO_LOGIN) {
            planner.noLogin();
        }
        Collections.reverse(planner.down);
        return new FencePlan(kind, exempt, planner.up, planner.down);
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
        }
    }

    private void requireLoginCanBeRefused() throws ServerException {
        String service = facts.service();
        refuseIf(
                facts.serviceIsSuperuser(),
                "role " + service
                        + " of the services is a superuser, whose login can't be refused; use --fence read-only,"
                        + " or ALTER ROLE " + SqlText.identifier(service) + " NOSUPERUSER");
        refuseIf(
                facts.serviceIsAdmin(),
                "role " + service + " of the services is the run's role " + facts.admin()
                        + " or has its rights, so its login can't be refused; give the run a role of its own, or use"
                        + " --fence read-only");
        for (Connect grant : facts.connects()) {
            refuseIf(
                    !grant.grantor().equals(facts.owner()),
                    "CONNECT was granted to " + name(grant.grantee()) + " by " + grant.grantor()
                            + ", not by the owner, and couldn't be put back exactly; grant it as " + facts.owner());
        }
    }

    private void refuseIf(boolean wrong, String why) throws ServerException {
        if (wrong) {
            throw new ServerException(
                    Kind.REFUSED, "can't plan a fence for database " + facts.database() + ": " + why, null);
        }
    }

    private void readOnly() {
        String database = "ALTER DATABASE " + SqlText.identifier(facts.database());
        set(database, own(null, true), "on");
        for (String role : rolesWithOwn()) {
            if (!exempt.contains(role) && !isOn(role)) {
                set(inDatabase(role), own(role, true), "on");
            }
        }
        for (String role : exempt) {
            if (facts.adminIsSuperuser() || !facts.isSuperuser(role)) { // else nobody here could
                set(inDatabase(role), own(role, true), "off");
            }
        }
    }

    private String inDatabase(String role) {
        return "ALTER ROLE " + SqlText.identifier(role) + " IN DATABASE " + SqlText.identifier(facts.database());
    }

    private void set(String subject, @Nullable ReadOnlyDefault before, String value) {
        up.add(subject + " SET " + SETTING + " = '" + value + "'");
        down.add(
                before == null
                        ? subject + " RESET " + SETTING
                        : subject + " SET " + SETTING + " = " + SqlText.literal(before.value()));
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

    private @Nullable ReadOnlyDefault own(@Nullable String role, boolean inDatabase) {
        return facts.defaults().stream()
                .filter(each -> Objects.equals(each.role(), role) && each.inDatabase() == inDatabase)
                .findFirst()
                .orElse(null);
    }

    /** Those who stay get a grant of their own before anything is taken away, since theirs may come through PUBLIC. */
    private void noLogin() {
        String database = " ON DATABASE " + SqlText.identifier(facts.database());
        Set<String> kept = new TreeSet<>(exempt);
        kept.addAll(facts.replicators());
        kept.add(facts.admin());
        kept.remove(facts.service());
        for (String role : kept) {
            if (facts.connects().stream().noneMatch(grant -> role.equals(grant.grantee()))) {
                up.add("GRANT CONNECT" + database + " TO " + SqlText.identifier(role));
                down.add("REVOKE CONNECT" + database + " FROM " + SqlText.identifier(role));
            }
        }
        for (Connect grant : facts.connects()) {
            if (grant.grantee() == null || !kept.contains(grant.grantee())) {
                up.add("REVOKE CONNECT" + database + " FROM " + name(grant.grantee()));
                down.add("GRANT CONNECT" + database + " TO " + name(grant.grantee())
                        + (grant.grantable() ? " WITH GRANT OPTION" : ""));
            }
        }
    }

    private static String name(@Nullable String grantee) {
        return grantee == null ? "PUBLIC" : SqlText.identifier(grantee);
    }
}
