package dev.connectionregistry.admin.cli.wiring;

import dev.connectionregistry.admin.cli.options.GlobalOptions;
import dev.connectionregistry.admin.postgres.Login;
import dev.connectionregistry.admin.server.AdminBounds;
import dev.connectionregistry.admin.server.ServerLogin;
import dev.connectionregistry.core.internal.secrets.SecretResolvers;
import dev.connectionregistry.core.internal.secrets.aws.AwsPlace;
import dev.connectionregistry.core.internal.secrets.aws.AwsSecrets;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives logins the means to find their passwords on this machine, within the operator's bounds, in AWS with the region and the profile that the command was given.
 * What it opens lives as long as the program, on daemon threads. Thread-safe.
 */
@Singleton
final class Logins {
    private final GlobalOptions options;
    private final AdminBounds bounds;
    /** Guarded by "this". */
    private @Nullable SecretResolvers secrets;

    @Inject
    Logins(GlobalOptions options, AdminBounds bounds) {
        this.options = options;
        this.bounds = bounds;
    }

    Login of(ServerLogin login) {
        return Login.of(
                login.endpoint(), login.username(), login.password(), login.properties(), secrets(), bounds.guard());
    }

    /** Made when it is first needed: this object is older than what the options say. */
    private synchronized SecretResolvers secrets() {
        SecretResolvers present = secrets;
        if (present == null) {
            AwsPlace place = new AwsPlace(options.region(), options.profile(), Optional.empty());
            present = new SecretResolvers(new AwsSecrets(place).resolvers());
            secrets = present;
        }
        return present;
    }
}
