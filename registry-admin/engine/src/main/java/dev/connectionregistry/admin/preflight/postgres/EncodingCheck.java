package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.ServerException;

/** The two databases' encodings. */
final class EncodingCheck implements ServerCheck {
    private static final String ENCODING =
            "SELECT pg_catalog.pg_encoding_to_char(encoding) FROM pg_catalog.pg_database WHERE datname = current_database()";

    @Override
    public About about() {
        return new About("encoding", Group.SETTINGS, "A character that the target cannot store stops replication.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        String source = servers.source().one(ENCODING, row -> row.getString(1));
        String target = servers.target().one(ENCODING, row -> row.getString(1));
        return judge(source, target, servers.target().database());
    }

    static Finding judge(String source, String target, String database) {
        if (source.equals(target)) {
            return Finding.pass("both are " + source);
        }
        String both = "the source is " + source + ", the target " + target;
        return target.equals("UTF8") && !source.equals("SQL_ASCII")
                ? Finding.warn(both, Remedy.advice("texts are converted; they may get longer in bytes"))
                : Finding.fail(
                        both,
                        Remedy.advice("make the target's database again, from template0: CREATE DATABASE " + database
                                + " ENCODING '" + source + "' TEMPLATE template0"));
    }
}
