package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.Deadline;
import dev.connectionregistry.admin.postgres.PostgresErrors;
import dev.connectionregistry.admin.postgres.Session;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.NameLists;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.preflight.Subject;
import dev.connectionregistry.admin.server.ServerException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How functions in checks, indexes and generated columns work without a search path, which is how rows are copied and
 * applied. Each is tried on rows of the source, without a path and with the services' path, as the services' role. So
 * the author of such a function gains no rights from this that a written row doesn't give. Nothing is written.
 *
 * @param expressions all of them
 * @param broken those that need a path
 * @param untried where the expressions are that can't be tried
 */
record SearchPath(List<WrittenExpression> expressions, List<Broken> broken, List<String> untried) {
    private static final String READ_ONLY = "SET TRANSACTION READ ONLY; " + Session.VIEWS_TOO + "; ";
    private static final String SERVICES_PATH = """
            SELECT coalesce(string_agg(pg_catalog.quote_ident(s), ', ' ORDER BY place), 'public')
            FROM unnest(current_schemas(false)) WITH ORDINALITY AS p (s, place)
            """;
    /** For functions that need more than the services' path: those fail for services, too, but not for every role. */
    private static final String EVERY_SCHEMA = CatalogSql.sql("""
            SELECT string_agg(pg_catalog.quote_ident(n.nspname), ', '
                              ORDER BY n.nspname = 'public' DESC, n.nspname::text COLLATE "C")
            FROM pg_catalog.pg_namespace n
            WHERE {own schema} AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
            """);

    private static final String TEMPORARY = ", pg_temp";
    private static final Set<String> SAYS_NOTHING = Set.of("42501", "57014", "55P03", "25006");

    /** An expression that works with {@code path} but not without one; {@code why} is the server's error. */
    record Broken(WrittenExpression expression, String path, String why) {}

    static SearchPath read(Servers servers) throws ServerException {
        Server source = servers.source();
        SearchPath found = new SearchPath(WrittenExpression.of(source), new ArrayList<>(), new ArrayList<>());
        if (found.expressions().isEmpty()) {
            return found;
        }
        try (Session trial = Session.open(source.services(), Server.APPLICATION, source.left())) {
            trial.call("try functions without a search path", "", source.left(), end -> {
                String own = trial.rolledBack(end, "RESET search_path", within -> text(trial, within, SERVICES_PATH));
                String all = text(trial, end, EVERY_SCHEMA);
                for (WrittenExpression each : found.expressions()) {
                    found.look(trial, end, each, List.of(own + TEMPORARY, all + TEMPORARY));
                }
                return true;
            });
        } catch (ServerException e) {
            if (e.kind() == ServerException.Kind.TIMED_OUT) {
                throw e;
            }
            found.expressions().forEach(each -> found.untried().add(each.place()));
        }
        return found;
    }

    private static String text(Session session, Deadline bound, String sql) throws SQLException {
        return session.queryOne(bound, sql, row -> String.valueOf(row.getString(1)));
    }

    private void look(Session trial, Deadline end, WrittenExpression expression, List<String> paths)
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

    /** Computes it and discards the result. */
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

    Finding judge(Subject subject) {
        if (expressions.isEmpty()) {
            return Finding.pass("no check, index or generated column has a function that needs one");
        }
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
                    "can't be tried as " + subject.source().services() + " from here: " + NameLists.some(untried),
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
