package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.settings.SecretRef;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * References that are obviously not a database's password: the credentials of clouds, clusters and tools in the
 * environment and the files of a process. They are refused unless a service allows them. The lists are short and don't
 * claim to be complete: other secrets are protected because no password is sent in clear text. Pure.
 */
final class ForeignSecrets {
    private static final List<String> VARIABLES = List.of(
            "AWS_",
            "AMAZON_",
            "ECS_",
            "AZURE_",
            "ARM_",
            "GOOGLE_",
            "GCLOUD_",
            "GCP_",
            "CLOUDSDK_",
            "KUBE",
            "DOCKER_",
            "VAULT_",
            "CONSUL_",
            "NOMAD_",
            "GITHUB_",
            "GH_",
            "GITLAB_",
            "NPM_",
            "SSH_",
            "GPG_",
            "STRIPE_",
            "TWILIO_",
            "SENDGRID_",
            "SLACK_",
            "SENTRY_",
            "NEW_RELIC_",
            "DATADOG_",
            "DD_API",
            "OPENAI_",
            "ANTHROPIC_");

    private static final Set<String> FOLDERS = Set.of(
            ".aws",
            ".azure",
            ".ssh",
            ".gnupg",
            ".kube",
            ".docker",
            ".config",
            "gcloud",
            "kubernetes.io",
            "eks.amazonaws.com",
            ".netrc",
            ".npmrc",
            ".git-credentials",
            ".m2",
            "shadow",
            "gshadow");

    /** Kernel interfaces and devices: nothing in them is a password file, and some of them never end. */
    private static final List<String> NEVER = List.of("/proc", "/sys", "/dev");

    private ForeignSecrets() {}

    /** Why the reference is refused unless the owner allows it; empty if it isn't. */
    static Optional<String> reason(SecretRef reference) {
        return switch (reference.scheme()) {
            case "env" ->
                VARIABLES.stream()
                        .filter(reference.locator().toUpperCase(Locale.ROOT)::startsWith)
                        .findFirst()
                        .map(prefix -> "variables " + prefix + "… hold credentials of other systems than a database");
            case "file" ->
                List.of(reference.locator().split("[/\\\\]+")).stream()
                        .filter(part -> FOLDERS.contains(part.toLowerCase(Locale.ROOT)))
                        .findFirst()
                        .map(part -> "'" + part + "' holds credentials of another system than a database");
            default -> Optional.empty();
        };
    }

    /** Why the reference is refused whatever the owner allows; empty if it isn't. */
    static Optional<String> never(SecretRef reference) {
        if (!reference.scheme().equals("file")) {
            return Optional.empty();
        }
        String path = reference.locator();
        if (SecretPattern.isCrooked(path)) {
            return Optional.of("its path has an empty part, '.' or '..'; write it without them");
        }
        return NEVER.stream()
                .filter(folder -> path.equals(folder) || path.startsWith(folder + "/"))
                .findFirst()
                .map(folder -> "nothing below " + folder + " is a password file");
    }
}
