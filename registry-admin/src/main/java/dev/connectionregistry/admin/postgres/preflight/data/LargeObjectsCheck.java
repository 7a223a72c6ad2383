package dev.connectionregistry.admin.postgres.preflight.data;

import dev.connectionregistry.admin.postgres.preflight.ground.ServerCheck;
import dev.connectionregistry.admin.postgres.preflight.ground.Servers;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;

/** Large objects are carried over by somebody. */
final class LargeObjectsCheck implements ServerCheck {
    private static final String COUNT = "SELECT count(*) FROM pg_catalog.pg_largeobject_metadata";

    @Override
    public About about() {
        return new About("large-objects", Group.DATA, "Large objects are not replicated; only a dump carries them.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        long source = servers.source().one(COUNT, row -> row.getLong(1));
        long target = servers.target().one(COUNT, row -> row.getLong(1));
        if (source == 0) {
            return Finding.pass("none");
        }
        return source == target
                ? Finding.pass(source + " on both; whether they are the same isn't looked at")
                : Finding.fail(
                        source + " on the source, " + target + " on the target",
                        Remedy.advice(
                                "carry them over with pg_dump --large-objects (--blobs before 16) while nobody changes them,"
                                        + " or move them into bytea columns first"),
                        Remedy.advice("or do without them, with --skip-check large-objects"));
    }
}
