package dev.connectionregistry.admin.cutover.fence;

import dev.connectionregistry.admin.cutover.fence.FencePlan.FunctionRights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Grant;
import dev.connectionregistry.admin.cutover.fence.FencePlan.Rights;
import dev.connectionregistry.admin.cutover.fence.FencePlan.RoleDefault;
import dev.connectionregistry.admin.server.Sql;
import dev.connectionregistry.admin.server.WritingFunction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * One thing that a fence changes, with the statement that changes it and the one that puts back what was there before.
 * Immutable.
 */
public sealed interface FenceChange {
    /** The statement that makes the change; safe to repeat. */
    String up();

    /** The statement that takes it back; safe to repeat. */
    String down();

    /** The role whose own settings it changes, which takes rights over that role; empty for every other change. */
    default Optional<String> alteredRole() {
        return Optional.empty();
    }

    /**
     * A default for transactions.
     *
     * @param database the database in which it holds
     * @param role the role that has it; empty for the database's own
     * @param before what it was, as it was written; empty if there was none
     * @param readOnly what it becomes
     */
    record Default(String database, Optional<String> role, Optional<String> before, boolean readOnly)
            implements FenceChange {
        private static final String SETTING = "default_transaction_read_only";

        @Override
        public String up() {
            return subject() + " SET " + SETTING + " = '" + (readOnly ? "on" : "off") + "'";
        }

        @Override
        public String down() {
            return before.map(text -> subject() + " SET " + SETTING + " = " + Sql.literal(text))
                    .orElseGet(() -> subject() + " RESET " + SETTING);
        }

        @Override
        public Optional<String> alteredRole() {
            return role;
        }

        private String subject() {
            return role.map(name -> "ALTER ROLE " + Sql.identifier(name) + " IN DATABASE ")
                            .orElse("ALTER DATABASE ")
                    + Sql.identifier(database);
        }
    }

    /** A right that the fence takes from a role, or from PUBLIC. */
    record Taken(Right right, Grant grant) implements FenceChange {
        @Override
        public String up() {
            return "REVOKE " + right + " FROM " + grantee();
        }

        @Override
        public String down() {
            return "GRANT " + right + to();
        }

        private String to() {
            return " TO " + grantee() + (grant.grantable() ? " WITH GRANT OPTION" : "");
        }

        private String grantee() {
            return grant.role().map(Sql::identifier).orElse("PUBLIC");
        }
    }

    /** A right that a role gets while the fence is up. */
    record Given(Right right, String role) implements FenceChange {
        @Override
        public String up() {
            return "GRANT " + right + " TO " + Sql.identifier(role);
        }

        @Override
        public String down() {
            return "REVOKE " + right + " FROM " + Sql.identifier(role);
        }
    }

    /**
     * A right on a database or a function.
     *
     * @param database the database; empty for a function
     * @param function the function; empty for a database
     */
    record Right(Optional<String> database, Optional<WritingFunction> function) {
        public static Right connect(String database) {
            return new Right(Optional.of(database), Optional.empty());
        }

        public static Right call(WritingFunction function) {
            return new Right(Optional.empty(), Optional.of(function));
        }

        @Override
        public String toString() {
            return function.map(each -> "EXECUTE ON FUNCTION pg_catalog." + each.signature())
                    .orElseGet(() -> "CONNECT ON DATABASE " + Sql.identifier(database.orElseThrow()));
        }
    }

    /**
     * The statements of {@link #down}. Consecutive grants to one role on several functions become one statement, since
     * a person reads and pastes it.
     */
    static List<String> together(List<FenceChange> changes) {
        List<String> statements = new ArrayList<>();
        List<Taken> row = new ArrayList<>();
        for (FenceChange each : changes) {
            boolean goesOn = each instanceof Taken taken
                    && taken.right().function().isPresent()
                    && (row.isEmpty() || row.get(0).grant().equals(taken.grant()));
            if (!goesOn) {
                flush(row, statements);
            }
            if (each instanceof Taken taken && taken.right().function().isPresent()) {
                row.add(taken);
            } else {
                statements.add(each.down());
            }
        }
        flush(row, statements);
        return statements;
    }

    private static void flush(List<Taken> row, List<String> statements) {
        if (!row.isEmpty()) {
            String functions = row.stream()
                    .map(each -> "pg_catalog."
                            + each.right().function().orElseThrow().signature())
                    .collect(Collectors.joining(", "));
            statements.add("GRANT EXECUTE ON FUNCTION " + functions + row.get(0).to());
            row.clear();
        }
    }

    /**
     * All changes of a plan, in the order in which they are made: a role that keeps a right gets it before it is taken
     * from PUBLIC.
     */
    static List<FenceChange> of(FencePlan plan) {
        List<FenceChange> changes = new ArrayList<>();
        String database = plan.database();
        changes.add(new Default(database, Optional.empty(), plan.databaseDefault(), true));
        for (RoleDefault each : plan.readOnlyRoles()) {
            changes.add(new Default(database, Optional.of(each.role()), each.before(), true));
        }
        for (RoleDefault each : plan.writingRoles()) {
            changes.add(new Default(database, Optional.of(each.role()), each.before(), false));
        }
        plan.connect().ifPresent(rights -> add(changes, Right.connect(database), rights));
        for (FunctionRights each : plan.functions()) {
            add(changes, Right.call(each.function()), each.rights());
        }
        return changes;
    }

    private static void add(List<FenceChange> changes, Right right, Rights rights) {
        rights.given().forEach(role -> changes.add(new Given(right, role)));
        rights.taken().forEach(grant -> changes.add(new Taken(right, grant)));
    }
}
