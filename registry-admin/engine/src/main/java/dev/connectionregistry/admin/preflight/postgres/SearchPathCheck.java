package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Functions in checks, indexes and generated columns work without a search path, which is how rows are copied and applied. Each is
 * tried on rows of the source, without a path and with the services', as the services' role: who could write such a function gets no
 * rights from this that writing a row doesn't give. Nothing is written.
 */
final class SearchPathCheck implements ServerCheck {
    private static final String READ_ONLY = "SET TRANSACTION READ ONLY; " + Session.VIEWS_TOO + "; ";
    private static final String SERVICES_PATH =
            "SELECT coalesce(string_agg(pg_catalog.quote_ident(s), ', ' ORDER BY place), 'public')"
                    + " FROM unnest(current_schemas(false)) WITH ORDINALITY AS p (s, place)";
    /** For functions that need more than the services' path, which then fail for services too, but not for everybody. */
    private static final String EVERY_SCHEMA =
            "SELECT string_agg(pg_catalog.quote_ident(nspname), ', ' ORDER BY nspname = 'public'"
                    + " DESC, nspname::text COLLATE \"C\") FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_'"
                    + " AND nspname <> 'information_schema' AND pg_catalog.has_schema_privilege(oid, 'USAGE')";

    private static final String TEMPORARY = ", pg_temp";
    private static final Set<String> SAYS_NOTHING = Set.of("42501", "57014", "55P03", "25006");

    @Override
    public About about() {
        return new About(
                "search-path",
                Group.SCHEMA,
                "Rows are copied and applied without a search path: a function that needs one fails, and only the target's log"
                        + " says so.");
    }

    /** An expression that works with {@code path} and not without one; {@code why} in the server's words. */
    record Broken(WrittenExpression expression, String path, String why) {}

    @Override
    public Finding look(Servers servers) throws ServerException {
        Server source = servers.source();
        List<WrittenExpression> expressions = WrittenExpression.of(source);
        if (expressions.isEmpty()) {
            return Finding.pass("no check, index or generated column has a function that needs one");
        }
        List<Broken> broken = new ArrayList<>();
        List<String> untried = new ArrayList<>();
        try (Session trial = Session.open(source.services(), Server.APPLICATION, source.left())) {
            trial.call("try functions without a search path", "", source.left(), end -> {
                String own = trial.rolledBack(end, "RESET search_path", within -> text(trial, within, SERVICES_PATH));
                String all = text(trial, end, EVERY_SCHEMA);
                for (WrittenExpression each : expressions) {
                    look(trial, end, each, List.of(own + TEMPORARY, all + TEMPORARY), broken, untried);
                }
                return true;
            });
        } catch (ServerException e) {
            if (e.kind() == ServerException.Kind.TIMED_OUT) {
                throw e;
            }
            expressions.forEach(each -> untried.add(each.place()));
        }
        return judge(expressions, broken, untried, source.services().username());
    }

    private static String text(Session session, Deadline bound, String sql) throws SQLException {
        return session.queryOne(bound, sql, row -> String.valueOf(row.getString(1)));
    }

    private static void look(
            Session trial,
            Deadline end,
            WrittenExpression expression,
            List<String> paths,
            List<Broken> broken,
            List<String> untried)
            throws SQLException, ServerException, InterruptedException {
        for (String query : expression.queries()) {
            Optional<SQLException> without = failure(trial, end, WrittenExpression.NO_PATH, query);
            if (without.isPresent() && SAYS_NOTHING.contains(PostgresErrors.state(without.get()))) {
                untried.add(expression.place());
                return;
            }
            if (without.isPresent()) {
                for (String path : paths) {
                    if (failure(trial, end, "SET LOCAL search_path = " + path, query)
                            .isEmpty()) {
                        broken.add(new Broken(expression, path, PostgresErrors.text(without.get())));
                        return;
                    }
                }
            }
        }
    }

    /** Computes it and throws the result away. */
    private static Optional<SQLException> failure(Session trial, Deadline end, String path, String query)
            throws SQLException, ServerException, InterruptedException {
        try {
            trial.rolledBack(end, READ_ONLY + path, within -> trial.query(within, query, row -> true));
            return Optional.empty();
        } catch (SQLException e) {
            if (PostgresErrors.isLoss(e)) {
                throw e;
            }
            return Optional.of(e);
        }
    }

    static Finding judge(
            List<WrittenExpression> expressions, List<Broken> broken, List<String> untried, String services) {
        Set<Remedy> remedies = new LinkedHashSet<>();
        for (Broken each : broken) {
            for (String function : each.expression().functions()) {
                String sql = "ALTER FUNCTION " + function + " SET search_path = " + each.path() + ";";
                remedies.add(Remedy.onSource(sql));
                remedies.add(Remedy.onTarget(sql));
            }
        }
        if (!broken.isEmpty()) {
            return Finding.fail(
                    "they fail without a search path: "
                            + NameLists.some(NameLists.each(
                                    broken,
                                    each -> each.expression().place() + " ("
                                            + each.why().replaceAll("\\s+", " ") + ")")),
                    List.copyOf(remedies));
        }
        if (!untried.isEmpty()) {
            return Finding.warn(
                    "can't be tried as " + services + " from here: " + NameLists.some(untried),
                    Remedy.advice("let this machine log in as the services' role, which may read these tables; or look"
                            + " yourself whether these functions name anything without its schema: "
                            + NameLists.some(expressions.stream()
                                    .flatMap(each -> each.functions().stream())
                                    .distinct()
                                    .toList())));
        }
        return Finding.pass(NameLists.count(expressions.size(), "expression") + " with functions work without one");
    }
}
