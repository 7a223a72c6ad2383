package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SchemaReader;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.SchemaDifference;
import dev.connectionregistry.admin.server.ServerException;
import java.util.List;

/** Both schemas are the same. */
final class SchemaCheck implements ServerCheck {
    private static final int SHOWN = 10;

    @Override
    public About about() {
        return new About(
                "schema",
                Group.SCHEMA,
                "Replication copies rows, never tables; what is missing on the target stops it, or is missed later.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        List<String> source = lines(servers.source());
        List<String> target = lines(servers.target());
        List<String> differences = SchemaDifference.between(source, target, SHOWN);
        return differences.isEmpty()
                ? Finding.pass("the same " + source.size() + " definitions on both")
                : Finding.fail(
                        String.join("; ", differences),
                        Remedy.advice(
                                "bring the missing definitions over (pg_dump --schema-only shows them), and change no schema until the"
                                        + " move is done"));
    }

    private static List<String> lines(Server server) throws ServerException {
        return new SchemaReader(server.session()).lines(server.left());
    }
}
