package dev.connectionregistry.core.internal.bounds;

import dev.connectionregistry.settings.ConnectionSettings;
import dev.connectionregistry.settings.Endpoint;
import dev.connectionregistry.settings.InvalidSettingsException;
import dev.connectionregistry.settings.Problems;
import dev.connectionregistry.settings.SecretRef;
import dev.connectionregistry.settings.Tls;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What settings may say: which endpoints, secrets and driver properties, how connections must be protected, and whether
 * a password may be sent in clear text. The owner states bounds in code and environment; no login is decided by bounds
 * from the table. What the owner doesn't state is not bounded, except for what is never safe. Immutable; {@link #check}
 * is pure.
 */
public final class SettingsBounds {
    /** The bounds of an owner that states nothing. */
    public static final SettingsBounds DEFAULT =
            new SettingsBounds(List.of(), List.of(), Tls.DISABLE, false, new TreeSet<>());

    private static final int PATTERNS = 64;

    private final List<EndpointPattern> endpoints;
    private final List<SecretPattern> secrets;
    private final Tls tls;
    private final boolean cleartextPasswords;
    private final Set<String> driverProperties;

    private SettingsBounds(
            List<EndpointPattern> endpoints,
            List<SecretPattern> secrets,
            Tls tls,
            boolean cleartextPasswords,
            Set<String> driverProperties) {
        this.endpoints = List.copyOf(endpoints);
        this.secrets = List.copyOf(secrets);
        this.tls = tls;
        this.cleartextPasswords = cleartextPasswords;
        this.driverProperties = new TreeSet<>(driverProperties);
    }

    /** Whether only some endpoints are allowed. */
    public boolean limitsEndpoints() {
        return !endpoints.isEmpty();
    }

    /**
     * Allows these endpoints as well; after the first call, no others are allowed. Patterns such as
     * {@code *.internal:5432}; docs/security.md says what they match.
     *
     * @throws InvalidSettingsException naming each text that isn't a pattern, or if there are none
     */
    public SettingsBounds withEndpoints(Collection<String> patterns) {
        return new SettingsBounds(
                added(endpoints, patterns, Bound.ENDPOINTS, EndpointPattern::parse),
                secrets,
                tls,
                cleartextPasswords,
                driverProperties);
    }

    /**
     * Allows these password references as well; after the first call, no others are allowed. Patterns such as
     * {@code secretsmanager:orders/*}; docs/security.md says what they match.
     *
     * @throws InvalidSettingsException naming each text that isn't a pattern, or if there are none
     */
    public SettingsBounds withSecrets(Collection<String> patterns) {
        return new SettingsBounds(
                endpoints,
                added(secrets, patterns, Bound.SECRETS, SecretPattern::parse),
                tls,
                cleartextPasswords,
                driverProperties);
    }

    /**
     * Allows a reference that the owner states in code, if references are limited; otherwise it needs no permission.
     */
    public SettingsBounds withOwnSecret(SecretRef reference) {
        return secrets.isEmpty() ? this : withSecrets(List.of(reference.toString()));
    }

    /**
     * Requires at least this protection.
     *
     * @throws InvalidSettingsException if {@code least} protects nothing: {@code disable}, {@code allow} or {@code prefer}
     */
    public SettingsBounds withTls(Tls least) {
        if (!least.isAtLeast(Tls.REQUIRE)) {
            throw new InvalidSettingsException(
                    Bound.TLS.call() + ": '" + least + "' requires nothing; use require, verify-ca or verify-full");
        }
        return new SettingsBounds(
                endpoints, secrets, least.isAtLeast(tls) ? least : tls, cleartextPasswords, driverProperties);
    }

    /** Allows sending a password in clear text to any allowed server that asks for it. */
    public SettingsBounds withCleartextPasswords() {
        return new SettingsBounds(endpoints, secrets, tls, true, driverProperties);
    }

    /**
     * Allows these driver properties as well.
     *
     * @param statements each {@code NAME}, or {@code NAME=VALUE} for that value alone
     * @throws InvalidSettingsException naming each that can't be allowed, or if there are none
     */
    public SettingsBounds withDriverProperties(Collection<String> statements) {
        List<String> all = added(List.copyOf(driverProperties), statements, Bound.DRIVER_PROPERTIES, statement -> {
            DriverProperties.problemOfStatement(statement).ifPresent(problem -> {
                throw new InvalidSettingsException(problem);
            });
            return statement;
        });
        return new SettingsBounds(endpoints, secrets, tls, cleartextPasswords, new LinkedHashSet<>(all));
    }

    private static <T> List<T> added(
            List<T> present, Collection<String> texts, Bound bound, Function<String, T> parse) {
        Problems problems = new Problems();
        List<T> all = new ArrayList<>(present);
        problems.require(!texts.isEmpty(), bound.call() + " names nothing; leave it out, or name what is allowed");
        problems.require(
                texts.size() + present.size() <= PATTERNS,
                bound.call() + " names " + (texts.size() + present.size()) + "; allowed are " + PATTERNS);
        for (String text : texts) {
            T parsed = problems.attempt(() -> parse.apply(text));
            if (parsed != null) {
                all.add(parsed);
            }
        }
        problems.throwIfAny();
        return all;
    }

    /**
     * What the settings say that isn't allowed; empty if everything is. Nothing is contacted or looked up.
     */
    public List<Refusal> check(ConnectionSettings settings) {
        return check(settings.endpoint(), settings.password(), settings.properties());
    }

    /** As {@link #check(ConnectionSettings)}, for the parts that matter. */
    public List<Refusal> check(Endpoint endpoint, SecretRef password, Map<String, String> properties) {
        List<Refusal> refusals = new ArrayList<>();
        for (Endpoint host : endpoint.each()) {
            if (!endpoints.isEmpty() && !isListed(host)) {
                refusals.add(new Refusal(
                        Bound.ENDPOINTS,
                        "endpoint " + host + " is not one of those allowed: " + endpoints,
                        host.hosts().get(0).toString()));
            }
        }
        ofSecret(password).ifPresent(refusals::add);
        ofTls(endpoint, password, properties).ifPresent(refusals::add);
        ofAuthentication(endpoint, password, properties).ifPresent(refusals::add);
        refusals.addAll(checkProperties(properties));
        return List.copyOf(refusals);
    }

    /** As {@link #check(ConnectionSettings)}, for the driver properties alone. */
    public List<Refusal> checkProperties(Map<String, String> properties) {
        return properties.entrySet().stream()
                .flatMap(each -> DriverProperties.refusal(each.getKey(), each.getValue(), driverProperties).stream())
                .toList();
    }

    /** Checks each of several hosts: any of them may be the one that gets the password. */
    private boolean isListed(Endpoint endpoint) {
        return endpoint.each().stream().allMatch(host -> endpoints.stream().anyMatch(pattern -> pattern.matches(host)));
    }

    private Optional<Refusal> ofSecret(SecretRef password) {
        Optional<String> never = ForeignSecrets.never(password);
        if (never.isPresent()) {
            return Optional.of(Refusal.always(Bound.SECRETS, "password reference " + password + ": " + never.get()));
        }
        if (secrets.isEmpty()) {
            return ForeignSecrets.reason(password)
                    .map(reason -> new Refusal(
                            Bound.SECRETS, "password reference " + password + ": " + reason, password.toString()));
        }
        return secrets.stream().anyMatch(pattern -> pattern.matches(password))
                ? Optional.empty()
                : Optional.of(new Refusal(
                        Bound.SECRETS,
                        "password reference " + password + " is not one of those allowed: " + secrets,
                        password.toString()));
    }

    private Optional<Refusal> ofTls(Endpoint endpoint, SecretRef password, Map<String, String> properties) {
        Tls asked = Tls.of(properties);
        String mode = "driver property sslmode is '" + asked + "' for " + endpoint;
        if (isToken(password) && !asked.isVerified()) {
            return Optional.of(Refusal.always(
                    Bound.TLS,
                    mode + "; an rds-iam token is only sent to a server that has proven its name: set sslmode="
                            + Tls.VERIFY_FULL + " with sslrootcert"));
        }
        return asked.isAtLeast(tls)
                ? Optional.empty()
                : Optional.of(new Refusal(Bound.TLS, mode + "; required is " + tls, asked.toString()));
    }

    private static boolean isToken(SecretRef password) {
        return password.scheme().equals("rds-iam");
    }

    /**
     * Whether a password may be sent in clear text to this server: the owner allowed it; or the server has proven to be
     * one that the owner listed; or the password is a token, which is only of use at the server with the proven name. A
     * proven name that only the settings mention is no reason: somebody who may write the settings can have a
     * certificate for it.
     */
    boolean mayAskForPassword(Endpoint endpoint, SecretRef password, Map<String, String> properties) {
        boolean proven = Tls.of(properties).isVerified();
        return cleartextPasswords || (proven && (isToken(password) || (!endpoints.isEmpty() && isListed(endpoint))));
    }

    /** Whether nothing needs to stop the driver from sending a password in clear text. */
    boolean allowsCleartextEverywhere() {
        return cleartextPasswords;
    }

    private Optional<Refusal> ofAuthentication(Endpoint endpoint, SecretRef password, Map<String, String> properties) {
        return Authentication.asksForPassword(properties) && !mayAskForPassword(endpoint, password, properties)
                ? Optional.of(new Refusal(
                        Bound.CLEARTEXT_PASSWORDS,
                        "driver property 'requireAuth' asks to send the password in clear text to " + endpoint
                                + ", which has not proven to be a server that was allowed",
                        "true"))
                : Optional.empty();
    }

    /** The bounds in force, one line for each; for people. */
    public List<String> describe() {
        return List.of(
                "endpoints: " + (endpoints.isEmpty() ? "any" : join(endpoints)),
                "secrets: " + (secrets.isEmpty() ? "any but well-known credentials of other systems" : join(secrets)),
                "TLS: " + (tls == Tls.DISABLE ? "as settings say (rds-iam: verify-full)" : tls + " at least"),
                "passwords in clear text: "
                        + (cleartextPasswords
                                ? "to every allowed server that asks"
                                : endpoints.isEmpty()
                                        ? "never (rds-iam tokens: over verify-full)"
                                        : "over verify-full, to the endpoints listed"),
                "driver properties: those known to be harmless"
                        + (driverProperties.isEmpty() ? "" : ", and " + String.join(", ", driverProperties)));
    }

    private static String join(List<?> patterns) {
        return String.join(", ", patterns.stream().map(Object::toString).toList());
    }

    /**
     * The form in which an instance reports its bounds: lists of patterns by builder method, without what isn't stated.
     * Ordered.
     */
    public Map<String, List<String>> toMap() {
        return BoundsMap.of(endpoints, secrets, tls, cleartextPasswords, driverProperties);
    }

    /** All bounds on one line. */
    @Override
    public String toString() {
        return String.join("; ", describe());
    }
}
