package dev.connectionregistry.admin.preflight.postgres;

import dev.connectionregistry.admin.preflight.About;
import dev.connectionregistry.admin.preflight.Finding;
import dev.connectionregistry.admin.preflight.Group;
import dev.connectionregistry.admin.preflight.Remedy;
import dev.connectionregistry.admin.server.PostgresIdentity;
import dev.connectionregistry.admin.server.ServerException;
import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Tls;

/** The services' connections to the target are protected. What they ask for is what our own login asked for, and got. */
final class TargetTlsCheck implements ServerCheck {
    private static final Remedy REMEDY = Remedy.advice("give the settings sslmode=" + Tls.VERIFY_FULL
            + " and sslrootcert=/path/to/ca.pem, a file on every service's machine;"
            + " set-endpoint takes them with --property");

    @Override
    public About about() {
        return new About(
                "target-tls",
                Group.SERVERS,
                "A server that need not prove its name can be anybody, and gets password and data.");
    }

    @Override
    public Finding look(Servers servers) throws ServerException {
        PostgresIdentity proven = servers.target().identity(); // by a login with the same properties
        assert proven != null;
        return judge(servers.subject().pair().targetSettings());
    }

    static Finding judge(ConnectionSettings targetSettings) {
        Tls tls = Tls.of(targetSettings);
        String mode = "sslmode is '" + tls + "' for " + targetSettings.endpoint();
        if (targetSettings.password().scheme().equals("rds-iam") && !tls.isVerified()) {
            return Finding.fail(
                    mode + "; services send an rds-iam token only to a server that has proven its name", REMEDY);
        }
        if (tls.isVerified()) {
            return Finding.pass(mode + ": the server has to prove its name");
        }
        return Tls.isRemote(targetSettings.endpoint())
                ? Finding.warn(mode + ": the server need not prove who it is", REMEDY)
                : Finding.pass(mode + ", which is this machine itself");
    }
}
