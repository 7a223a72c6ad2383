package dev.connectionregistry.admin.cutover.fence;

import dev.connectionregistry.admin.server.WritingFunction;
import dev.connectionregistry.settings.InvalidSettingsException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a fence changes on the source, and what was there before, as data: {@link FenceStatements} makes the SQL from it. Holds no
 * SQL and no secret. Immutable; every part is checked when it is made, so a plan can't say anything but what is listed here.
 *
 * @param kind which fence
 * @param database the Postgres database
 * @param exemptRoles roles whose sessions are left alone and which may go on writing, such as a replicator's
 * @param databaseDefault the database's own {@code default_transaction_read_only} before; empty if it had none
 * @param readOnlyRoles roles whose own default would win over the database's; each gets one in this database that is on
 * @param writingRoles exempt roles; each gets a default in this database that is off
 * @param connect the right to log in to the database, for {@link FenceKind#NO_LOGIN}; otherwise empty
 * @param functions the right to call functions that write in spite of a read-only transaction
 */
public record FencePlan(
        FenceKind kind,
        String database,
        Set<String> exemptRoles,
        Optional<String> databaseDefault,
        List<RoleDefault> readOnlyRoles,
        List<RoleDefault> writingRoles,
        Optional<Rights> connect,
        List<FunctionRights> functions) {
    /** The longest list in a plan; a fence that would need more is refused. */
    public static final int MOST = 1_000;

    private static final int LONGEST_NAME = 255;
    /** What Postgres accepts as a boolean: every unambiguous prefix of these words, in upper or lower case. */
    private static final Pattern BOOLEAN =
            Pattern.compile("(?i)t|tr|tru|true|f|fa|fal|fals|false|y|ye|yes|n|no|on|of|off|1|0");

    private static final Pattern ON = Pattern.compile("(?i)t.*|y.*|on|1");

    /**
     * Checks the parts.
     *
     * @throws InvalidSettingsException naming the part that is invalid
     */
    public FencePlan {
        requireName("database", database);
        exemptRoles = Set.copyOf(bounded("exemptRoles", exemptRoles));
        exemptRoles.forEach(role -> requireName("exemptRoles", role));
        databaseDefault.ifPresent(text -> requireBoolean("databaseDefault", text));
        readOnlyRoles = List.copyOf(bounded("readOnlyRoles", readOnlyRoles));
        writingRoles = List.copyOf(bounded("writingRoles", writingRoles));
        functions = List.copyOf(bounded("functions", functions));
        for (RoleDefault each : writingRoles) {
            require(exemptRoles.contains(each.role()), "writingRoles", each.role(), "isn't exempt");
        }
        for (RoleDefault each : readOnlyRoles) {
            require(!exemptRoles.contains(each.role()), "readOnlyRoles", each.role(), "is exempt");
        }
        require(connect.isPresent() == (kind == FenceKind.NO_LOGIN), "connect", kind.toString(), "doesn't fit");
    }

    /**
     * A role's own {@code default_transaction_read_only} in the database.
     *
     * @param role the role that has it
     * @param before what it was, as it was written; empty if there was none
     */
    public record RoleDefault(String role, Optional<String> before) {
        public RoleDefault {
            requireName("role", role);
            before.ifPresent(text -> requireBoolean("before", text));
        }
    }

    /**
     * Who may do something, before and during the fence.
     *
     * @param wasDefault whether the rights had never been changed, so that the catalog held NULL instead of a list
     * @param taken grants that the fence takes away and later gives back
     * @param given roles that get a grant while the fence is up, since theirs came through PUBLIC
     */
    public record Rights(boolean wasDefault, List<Grant> taken, List<String> given) {
        public Rights {
            taken = List.copyOf(bounded("taken", taken));
            given = List.copyOf(bounded("given", given));
            given.forEach(role -> requireName("given", role));
        }
    }

    /**
     * A grant by the owner.
     *
     * @param role who got it; empty for PUBLIC
     * @param grantable whether it has the grant option
     */
    public record Grant(Optional<String> role, boolean grantable) {
        public Grant {
            role.ifPresent(name -> requireName("role", name));
            require(role.isPresent() || !grantable, "grantable", "true", "can't be for PUBLIC");
        }
    }

    /** Who may call a function. */
    public record FunctionRights(WritingFunction function, Rights rights) {}

    /** Whether a boolean, as it is written in a setting, means on. */
    public static boolean isOn(String text) {
        return ON.matcher(text).matches();
    }

    /** The changes, in the order in which they are made. */
    public List<FenceChange> changes() {
        return FenceChange.of(this);
    }

    private static void requireName(String part, String name) {
        require(
                !name.isEmpty() && name.length() <= LONGEST_NAME && name.indexOf('\0') < 0,
                part,
                name.length() > LONGEST_NAME ? name.length() + " characters" : name,
                "is not a valid name in Postgres");
    }

    private static void requireBoolean(String part, String text) {
        require(
                BOOLEAN.matcher(text).matches(),
                part,
                text.length() > LONGEST_NAME ? text.length() + " characters" : text,
                "is neither on nor off");
    }

    private static <C extends java.util.Collection<?>> C bounded(String part, C all) {
        require(all.size() <= MOST, part, all.size() + " entries", "is more than " + MOST);
        return all;
    }

    private static void require(boolean right, String part, String value, String what) {
        if (!right) {
            throw new InvalidSettingsException("invalid plan of a fence: '" + part + "', '" + value + "', " + what);
        }
    }
}
