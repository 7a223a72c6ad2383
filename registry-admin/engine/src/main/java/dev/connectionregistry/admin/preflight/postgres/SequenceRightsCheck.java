package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The role may read and set sequences. */
final class SequenceRightsCheck implements ServerCheck {
    private static final SchemaGrants.Need READ = new SchemaGrants.Need(
            "'S'", "NOT pg_catalog.has_sequence_privilege(c.oid, 'SELECT')", "SELECT ON ALL SEQUENCES");
    private static final SchemaGrants.Need SET = new SchemaGrants.Need(
            "'S'",
            "NOT (pg_catalog.has_sequence_privilege(c.oid, 'SELECT')"
                    + " AND pg_catalog.has_sequence_privilege(c.oid, 'UPDATE'))",
            "SELECT, UPDATE ON ALL SEQUENCES");

    @Override
    public About about() {
        return new About(
                "sequence-rights",
                Group.RIGHTS,
                "The cutover sets the sequences of the target from those of the source, while callers wait.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<Remedy> remedies = new ArrayList<>();
        List<String> unread = SchemaGrants.missing(servers.source(), READ, remedies);
        List<String> unset = SchemaGrants.missing(servers.target(), SET, remedies);
        if (unread.isEmpty() && unset.isEmpty()) {
            return Finding.pass("every sequence can be read on the source and set on the target");
        }
        return Finding.fail(
                Stream.of(
                                unread.isEmpty()
                                        ? ""
                                        : servers.source().role() + " may not read on the source: "
                                                + NameLists.some(unread),
                                unset.isEmpty()
                                        ? ""
                                        : servers.target().role() + " may not set on the target: "
                                                + NameLists.some(unset))
                        .filter(text -> !text.isEmpty())
                        .collect(Collectors.joining("; ")),
                remedies);
    }
}
