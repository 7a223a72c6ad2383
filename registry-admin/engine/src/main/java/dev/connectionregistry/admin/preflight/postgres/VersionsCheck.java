package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.postgres.SameServer;
import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.admin.server.SupportedMajors;

/** The two are different databases, of majors that will do. */
final class VersionsCheck implements ServerCheck {
    @Override
    public About about() {
        return new About(
                "versions",
                Group.SERVERS,
                "A move needs two databases, and logical replication between majors that both know it.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        boolean same = servers.source().call((source, end) -> servers.target()
                .call((target, both) -> SameServer.sameDatabase(source, target, both.left())));
        return judge(servers.source().identity(), servers.target().identity(), same);
    }

    static Finding judge(PostgresIdentity source, PostgresIdentity target, boolean same) {
        if (same) {
            return Finding.fail(
                    "source and target are the same database '" + target.database() + "' of the same server (system"
                            + " identifier " + target.systemIdentifier() + ")",
                    Remedy.advice("name the other server with --target"));
        }
        String both = "from Postgres " + source.version() + " to " + target.version();
        if (source.major() < SupportedMajors.OLDEST || target.major() < SupportedMajors.OLDEST) {
            return Finding.fail(
                    both + "; at least " + SupportedMajors.OLDEST + " is needed on both sides",
                    Remedy.advice("bring the older server to a newer major by another way first"));
        }
        if (target.major() < SupportedMajors.OLDEST_TARGET) {
            return Finding.warn(
                    both + ": the target has long been out of support, good for the way back, not to stay on",
                    Remedy.advice("choose a target of " + SupportedMajors.OLDEST_TARGET
                            + " or newer, unless this is the way back"));
        }
        if (Math.max(source.major(), target.major()) > SupportedMajors.NEWEST_TRIED) {
            return Finding.warn(
                    both + ": this program was tried with Postgres " + SupportedMajors.OLDEST + " to "
                            + SupportedMajors.NEWEST_TRIED,
                    Remedy.advice(
                            "look for a newer release of this program; else rehearse the whole move, there and back,"
                                    + " on copies of both servers first"));
        }
        return target.major() < source.major()
                ? Finding.warn(
                        both + ": the target is the older one",
                        Remedy.advice("go on if this is the way back; otherwise choose another target"))
                : Finding.pass(both);
    }
}
