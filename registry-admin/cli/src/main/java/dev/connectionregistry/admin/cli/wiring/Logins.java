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
 * Lets logins find their passwords on this machine, within the operator's bounds, and in AWS with the command's region
 * and profile. What it opens lives as long as the program, on daemon threads. Thread-safe.
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

    /** Created when first needed: this object exists before the options are read. */
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
